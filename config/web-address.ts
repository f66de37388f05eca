import { z } from 'zod';

/** An http address that is shown and logged, and so must not hold a login: `https://<user>:<password>@…` is refused. */
export const webAddress = z.url({ protocol: /^https?$/, abort: true }).refine((text) => {
  const { username, password } = new URL(text);
  return username === '' && password === '';
});
