/** As the vendor has them: 24 hexadecimal digits. */
export const isPortId = (text: string): boolean => /^[0-9a-f]{24}$/i.test(text);

/** The one spelling of an id, by which ports are compared: the vendor takes either case. What is no id stays. */
export const samePortId = (text: string): string => (isPortId(text) ? text.toLowerCase() : text);
