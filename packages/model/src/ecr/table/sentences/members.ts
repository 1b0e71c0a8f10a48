export const members: Readonly<Record<string, string>> = {};
