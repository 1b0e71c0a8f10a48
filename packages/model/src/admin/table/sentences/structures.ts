export const structures: Readonly<Record<string, string>> = {};
