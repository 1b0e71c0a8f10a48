import type { Waiter } from "../../table/table.ts";

/** Polls that clients offer until work in the background ends. */
export const waiters: Readonly<Record<string, Waiter>> = {
  ImageScanComplete: {
    operation: "DescribeImageScanFindings",
    delaySeconds: 5,
    maxAttempts: 60,
    path: "imageScanStatus.status",
    success: "COMPLETE",
    failure: "FAILED",
  },
  LifecyclePolicyPreviewComplete: {
    operation: "GetLifecyclePolicyPreview",
    delaySeconds: 5,
    maxAttempts: 20,
    path: "status",
    success: "COMPLETE",
    failure: "FAILED",
  },
};
