/** A part of AWS with names of its own. */
export interface Partition {
  readonly id: string;
  /** Regions begin so; the first partition whose prefix fits owns the region. */
  readonly regionPrefix: string;
  /** Domain of the default hosts. */
  readonly domain: string;
  /** Domain of dual-stack API hosts. */
  readonly dualStackApiDomain: string;
  /** Domain of dual-stack registry hosts, where the partition has them. */
  readonly dualStackRegistryDomain?: string;
}

/** Source: the endpoint partitions of the AWS SDK for JavaScript, and the host pattern of the ECR credential helper. */
const PARTITIONS: readonly Partition[] = [
  {
    id: "aws-cn",
    regionPrefix: "cn-",
    domain: "amazonaws.com.cn",
    dualStackApiDomain: "api.amazonwebservices.com.cn",
    dualStackRegistryDomain: "on.amazonwebservices.com.cn",
  },
  {
    id: "aws-us-gov",
    regionPrefix: "us-gov-",
    domain: "amazonaws.com",
    dualStackApiDomain: "api.aws",
    dualStackRegistryDomain: "on.aws",
  },
  {
    id: "aws-eusc",
    regionPrefix: "eusc-",
    domain: "amazonaws.eu",
    dualStackApiDomain: "api.amazonwebservices.eu",
    dualStackRegistryDomain: "on.amazonwebservices.eu",
  },
  { id: "aws-iso", regionPrefix: "us-iso-", domain: "c2s.ic.gov", dualStackApiDomain: "api.aws.ic.gov" },
  { id: "aws-iso-b", regionPrefix: "us-isob-", domain: "sc2s.sgov.gov", dualStackApiDomain: "api.aws.scloud" },
  { id: "aws-iso-e", regionPrefix: "eu-isoe-", domain: "cloud.adc-e.uk", dualStackApiDomain: "api.cloud-aws.adc-e.uk" },
  { id: "aws-iso-f", regionPrefix: "us-isof-", domain: "csp.hci.ic.gov", dualStackApiDomain: "api.aws.hci.ic.gov" },
];

const AWS: Partition = {
  id: "aws",
  regionPrefix: "",
  domain: "amazonaws.com",
  dualStackApiDomain: "api.aws",
  dualStackRegistryDomain: "on.aws",
};

/** The partition that a region belongs to; `aws` for regions of no known form. */
export function partitionOf(region: string): Partition {
  return PARTITIONS.find((partition) => region.startsWith(partition.regionPrefix)) ?? AWS;
}

export const partitions: readonly Partition[] = [AWS, ...PARTITIONS];
