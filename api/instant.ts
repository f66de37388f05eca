/** '2025-09-22T10:00:00.000+08:00': an instant (epoch milliseconds) as people in the agency read it; China has one fixed offset. */
export const instantText = (epochMs: number): string =>
  new Date(epochMs + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
