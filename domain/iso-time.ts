/** The object with its times, epoch ms in the API client, as the resources' outputs have them: ISO 8601 in UTC. */
export function withIsoTimes<T extends object, K extends keyof T>(
  told: T,
  ...times: K[]
): Omit<T, K> & { [name in K]?: string } {
  const made = { ...told } as Record<PropertyKey, unknown>;
  for (const name of times) {
    const time = told[name];
    if (typeof time === "number") made[name] = new Date(time).toISOString();
  }
  return made as Omit<T, K> & { [name in K]?: string };
}
