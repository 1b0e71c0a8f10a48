export const operations: Readonly<Record<string, string>> = {};
