export const shapes: Readonly<Record<string, string>> = {};
