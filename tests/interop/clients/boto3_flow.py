"""Drives Amazon ECR's API through boto3: argv[1] is the prefix of the repositories that it may make.

The endpoint and the credentials come from the environment. Prints "begin NAME" and "end NAME SECONDS" around each step.
"""

import base64
import gzip
import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import boto3
from botocore.exceptions import ClientError

MEBIBYTE = 1024 * 1024
PREFIX = sys.argv[1]
APP = f"{PREFIX}/app"
ecr = boto3.client("ecr")


@contextmanager
def step(name):
    print(f"begin {name}", flush=True)
    started = time.monotonic()
    yield
    print(f"end {name} {time.monotonic() - started:.3f}", flush=True)


@contextmanager
def refused(code, text=""):
    """Expects the calls inside to be refused with this error code, by the exception class that boto3 made for it."""
    try:
        yield
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert text in error.response["Error"]["Message"], error
        modelled = getattr(ecr.exceptions, code, ClientError)
        assert isinstance(error, modelled), type(error)
    else:
        raise AssertionError(f"succeeded instead of failing with {code}")


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def make_image(size):
    """An image of one layer with that many random bytes; nothing unpacks it, so the layer is no archive."""
    plain = os.urandom(size)
    layer = gzip.compress(plain, compresslevel=1)
    config = json.dumps({
        "architecture": "amd64",
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [digest_of(plain)]},
    }).encode()
    manifest = json.dumps({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "digest": digest_of(config),
            "size": len(config),
        },
        "layers": [{
            "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
            "digest": digest_of(layer),
            "size": len(layer),
        }],
    })
    return layer, config, manifest


def upload(repository, data):
    started = ecr.initiate_layer_upload(repositoryName=repository)
    for first in range(0, len(data), started["partSize"]):
        part = data[first:first + started["partSize"]]
        last = first + len(part) - 1
        answer = ecr.upload_layer_part(
            repositoryName=repository,
            uploadId=started["uploadId"],
            partFirstByte=first,
            partLastByte=last,
            layerPartBlob=part,
        )
        assert answer["lastByteReceived"] == last, answer
    done = ecr.complete_layer_upload(
        repositoryName=repository, uploadId=started["uploadId"], layerDigests=[digest_of(data)]
    )
    assert done["layerDigest"] == digest_of(data), done


def push(repository, image, tag):
    layer, config, manifest = image
    for data in (layer, config):
        try:
            upload(repository, data)
        except ecr.exceptions.LayerAlreadyExistsException:
            pass
    return ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=tag)["image"]


def fetch(url, headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
        return answer.status, answer.read()


image = make_image(12 * MEBIBYTE)
layer, config, manifest = image

with step("get-caller-identity"):
    caller = boto3.client("sts").get_caller_identity()
    assert len(caller["Account"]) == 12 and caller["Arn"].startswith("arn:aws:"), caller

with step("login"):
    [entry] = ecr.get_authorization_token()["authorizationData"]
    user, password = base64.b64decode(entry["authorizationToken"]).decode().split(":")
    assert user == "AWS" and password
    status, _ = fetch(f"{entry['proxyEndpoint']}/v2/", {"Authorization": f"Basic {entry['authorizationToken']}"})
    assert status == 200
    try:
        fetch(f"{entry['proxyEndpoint']}/v2/", {"Authorization": "Basic " + base64.b64encode(b"AWS:wrong").decode()})
        raise AssertionError("a wrong password is accepted")
    except urllib.error.HTTPError as error:
        assert error.code == 401, error

with step("create and describe repositories"):
    made = ecr.create_repository(repositoryName=APP, tags=[{"Key": "team", "Value": "interop"}])["repository"]
    assert made["repositoryArn"].endswith(f":repository/{APP}") and made["imageTagMutability"] == "MUTABLE", made
    with refused("RepositoryAlreadyExistsException", f"The repository with name '{APP}' already exists"):
        ecr.create_repository(repositoryName=APP)
    with refused("InvalidParameterException", "Invalid parameter at 'repositoryName' failed to satisfy constraint"):
        ecr.create_repository(repositoryName="Not/A/Name")
    for name in ("page-1", "page-2", "page-3"):
        ecr.create_repository(repositoryName=f"{PREFIX}/{name}")
    pages = ecr.get_paginator("describe_repositories").paginate(PaginationConfig={"PageSize": 2})
    names = [found["repositoryName"] for page in pages for found in page["repositories"]]
    assert {APP, f"{PREFIX}/page-1", f"{PREFIX}/page-3"} <= set(names), names
    [described] = ecr.describe_repositories(repositoryNames=[APP])["repositories"]
    assert described == made, described

with step("upload layers in parts"):
    with refused("RepositoryNotFoundException", f"The repository with name '{PREFIX}/missing' does not exist"):
        ecr.initiate_layer_upload(repositoryName=f"{PREFIX}/missing")
    unknown = ecr.batch_check_layer_availability(repositoryName=APP, layerDigests=[digest_of(layer)])
    assert unknown["layers"][0]["layerAvailability"] == "UNAVAILABLE", unknown
    upload(APP, layer)
    known = ecr.batch_check_layer_availability(repositoryName=APP, layerDigests=[digest_of(layer)])
    assert known["layers"][0]["layerAvailability"] == "AVAILABLE", known
    assert known["layers"][0]["layerSize"] == len(layer), known
    with refused("LayerAlreadyExistsException"):
        upload(APP, layer)

with step("errors of layer uploads"):
    started = ecr.initiate_layer_upload(repositoryName=APP)
    which = {"repositoryName": APP, "uploadId": started["uploadId"]}
    with refused("EmptyUploadException"):
        ecr.complete_layer_upload(**which, layerDigests=[digest_of(b"")])
    ecr.upload_layer_part(**which, partFirstByte=0, partLastByte=999, layerPartBlob=b"x" * 1000)
    try:
        ecr.upload_layer_part(**which, partFirstByte=2000, partLastByte=2999, layerPartBlob=b"x" * 1000)
        raise AssertionError("a gap is accepted")
    except ecr.exceptions.InvalidLayerPartException as error:
        assert error.response["lastValidByteReceived"] == 999, error.response
    with refused("InvalidLayerException"):
        ecr.complete_layer_upload(**which, layerDigests=[digest_of(b"something else")])
    with refused("UploadNotFoundException"):
        ecr.complete_layer_upload(
            repositoryName=APP,
            uploadId="00000000-0000-4000-8000-000000000000",
            layerDigests=[digest_of(b"")],
        )

with step("push"):
    with refused("LayersNotFoundException"):
        ecr.put_image(repositoryName=APP, imageManifest=manifest, imageTag="v1")
    stored = push(APP, image, "v1")
    assert stored["imageId"] == {"imageDigest": digest_of(manifest.encode()), "imageTag": "v1"}, stored
    with refused("ImageAlreadyExistsException"):
        ecr.put_image(repositoryName=APP, imageManifest=manifest, imageTag="v1")
    with refused("ImageDigestDoesNotMatchException"):
        ecr.put_image(repositoryName=APP, imageManifest=manifest, imageTag="v2", imageDigest=digest_of(b"other"))
    for tag in ("a", "b", "c", "d"):
        ecr.put_image(repositoryName=APP, imageManifest=manifest, imageTag=tag)

with step("list with pages"):
    pages = list(ecr.get_paginator("list_images").paginate(repositoryName=APP, PaginationConfig={"PageSize": 2}))
    assert [len(page["imageIds"]) for page in pages] == [2, 2, 1], pages
    tags = sorted(found["imageTag"] for page in pages for found in page["imageIds"])
    assert tags == ["a", "b", "c", "d", "v1"], tags
    untagged = ecr.list_images(repositoryName=APP, filter={"tagStatus": "UNTAGGED"})
    assert untagged["imageIds"] == [], untagged
    [detail] = ecr.describe_images(repositoryName=APP, imageIds=[{"imageTag": "v1"}])["imageDetails"]
    assert detail["imageSizeInBytes"] == len(layer) + len(config), detail
    assert sorted(detail["imageTags"]) == tags, detail
    with refused("ImageNotFoundException", "imageTag:'nothing'"):
        ecr.describe_images(repositoryName=APP, imageIds=[{"imageTag": "nothing"}])

with step("get images"):
    answer = ecr.batch_get_image(repositoryName=APP, imageIds=[{"imageTag": "v1"}, {"imageTag": "nothing"}])
    assert answer["images"][0]["imageManifest"] == manifest
    assert answer["failures"][0]["failureCode"] == "ImageNotFound", answer["failures"]

with step("download a layer"):
    url = ecr.get_download_url_for_layer(repositoryName=APP, layerDigest=digest_of(layer))["downloadUrl"]
    assert fetch(url, {}) == (200, layer)
    assert fetch(url, {"Range": "bytes=1000-1999"}) == (206, layer[1000:2000])
    with refused("LayersNotFoundException"):
        ecr.get_download_url_for_layer(repositoryName=APP, layerDigest=digest_of(b"other"))

with step("resource tags"):
    ecr.tag_resource(resourceArn=made["repositoryArn"], tags=[{"Key": "stage", "Value": "test"}])
    ecr.untag_resource(resourceArn=made["repositoryArn"], tagKeys=["team"])
    tags = ecr.list_tags_for_resource(resourceArn=made["repositoryArn"])["tags"]
    assert tags == [{"Key": "stage", "Value": "test"}], tags

with step("tag mutability and its exclusion filters"):
    other = make_image(1000)
    push(APP, other, "other")
    filters = [{"filterType": "WILDCARD", "filter": "dev-*"}]
    ecr.put_image(repositoryName=APP, imageManifest=manifest, imageTag="dev-1")
    with refused("InvalidParameterException", "can't be null when imageTagMutability is set as"):
        ecr.put_image_tag_mutability(repositoryName=APP, imageTagMutability="IMMUTABLE_WITH_EXCLUSION")
    changed = ecr.put_image_tag_mutability(
        repositoryName=APP, imageTagMutability="IMMUTABLE_WITH_EXCLUSION", imageTagMutabilityExclusionFilters=filters
    )
    assert changed["imageTagMutabilityExclusionFilters"] == filters, changed
    text = f"The image tag 'v1' already exists in the '{APP}' repository and cannot be overwritten"
    with refused("ImageTagAlreadyExistsException", text):
        ecr.put_image(repositoryName=APP, imageManifest=other[2], imageTag="v1")
    ecr.put_image(repositoryName=APP, imageManifest=other[2], imageTag="dev-1")
    ecr.put_image_tag_mutability(repositoryName=APP, imageTagMutability="MUTABLE")

with step("delete images"):
    answer = ecr.batch_delete_image(repositoryName=APP, imageIds=[{"imageTag": "a"}, {"imageTag": "nothing"}])
    assert [found["imageTag"] for found in answer["imageIds"]] == ["a"], answer
    assert answer["failures"][0]["failureCode"] == "ImageNotFound", answer
    answer = ecr.batch_delete_image(repositoryName=APP, imageIds=[{"imageDigest": digest_of(manifest.encode())}])
    assert sorted(found["imageTag"] for found in answer["imageIds"]) == ["b", "c", "d", "v1"], answer
    with refused("ImageNotFoundException"):
        ecr.describe_images(repositoryName=APP, imageIds=[{"imageTag": "v1"}])

with step("delete the repository"):
    with refused("RepositoryNotEmptyException", "cannot be deleted because it still contains images"):
        ecr.delete_repository(repositoryName=APP)
    ecr.delete_repository(repositoryName=APP, force=True)
    with refused("RepositoryNotFoundException", f"The repository with name '{APP}' does not exist"):
        ecr.describe_repositories(repositoryNames=[APP])

with step("wrong keys"):
    key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
    ecr = boto3.client("ecr", aws_access_key_id=key, aws_secret_access_key=secret + "x")
    with refused("InvalidSignatureException"):
        ecr.describe_repositories()
    ecr = boto3.client("ecr", aws_access_key_id="AKIAUNKNOWNUNKNOWN00", aws_secret_access_key=secret)
    with refused("UnrecognizedClientException"):
        ecr.describe_repositories()
