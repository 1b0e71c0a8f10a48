"""Uses Amazon ECR as the role that a profile names: argv[1] is the profile, argv[2] a repository of the role's, argv[3] another.

The endpoints come from the environment, the profile's keys from the shared files.
"""

import sys

import boto3
from botocore.exceptions import ClientError

PROFILE, OWN, OTHER = sys.argv[1:4]
session = boto3.Session(profile_name=PROFILE)
identity = session.client("sts").get_caller_identity()
assert f":assumed-role/{PROFILE}/" in identity["Arn"], identity
ecr = session.client("ecr")
assert [tag for image in ecr.describe_images(repositoryName=OWN)["imageDetails"] for tag in image["imageTags"]] == ["v1"]
try:
    ecr.describe_images(repositoryName=OTHER)
except ClientError as error:
    told = error.response["Error"]
    assert told["Code"] == "AccessDeniedException", told
    wanted = f"User: {identity['Arn']} is not authorized to perform: ecr:DescribeImages on resource: "
    assert told["Message"].startswith(wanted), told
    assert told["Message"].endswith("because no identity-based policy allows the ecr:DescribeImages action"), told
else:
    raise AssertionError("the other repository was shown")
print(identity["Arn"])
