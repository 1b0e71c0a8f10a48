import type { DescribeImagesFilter } from "@stowage/model";
import type { ImageFilter } from "@stowage/registry";

/** Lists answer active images unless they are asked for others. */
export function imageFilterOf(filter: DescribeImagesFilter = {}): ImageFilter {
  const { tagStatus = "ANY", imageStatus = "ACTIVE" } = filter;
  return {
    ...(tagStatus === "ANY" ? {} : { tagged: tagStatus === "TAGGED" }),
    ...(imageStatus === "ANY" ? {} : { status: imageStatus }),
  };
}
