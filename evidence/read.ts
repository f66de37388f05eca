import { z } from 'zod';
import type { Text } from '../domain/case.ts';
import { BUNDLE_FORMAT, type SignedBundle } from './bundle.ts';

/** Only what the checks cannot do without; they hold everything else against the chain themselves. */
export const bundleShape = z.looseObject({
  format: z.literal(BUNDLE_FORMAT),
  madeAt: z.string(),
  program: z.string(),
  case: z.looseObject({ acceptanceNo: z.string(), process: z.string(), offices: z.looseObject({}) }),
  events: z.array(
    z.looseObject({ seq: z.int(), turn: z.int(), kind: z.string(), data: z.looseObject({}), at: z.iso.datetime() }),
  ),
  turns: z.array(
    z.looseObject({ turn: z.int(), result: z.looseObject({ state: z.looseObject({}) }), rows: z.looseObject({}) }),
  ),
  stages: z.array(z.looseObject({})),
  calendars: z.array(z.looseObject({ id: z.string() })),
  openings: z.array(z.looseObject({ commit: z.string(), field: z.string(), salt: z.string(), text: z.string() })),
  heads: z.array(z.looseObject({})),
  signature: z.looseObject({ keyId: z.string(), publicKey: z.string(), value: z.string() }),
});

/** A bundle from a file, or in one sentence why it is none. */
export function readBundle(
  file: string,
  read: (path: string, encoding: 'utf8') => string,
): { bundle: SignedBundle } | { problem: Text } {
  let json: unknown;
  try {
    json = JSON.parse(read(file, 'utf8'));
  } catch {
    return { problem: { zh: `${file} 无法读取或不是 JSON`, en: `${file} cannot be read, or is not JSON` } };
  }
  const parsed = bundleShape.safeParse(json);
  if (parsed.success) return { bundle: json as SignedBundle };
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return { problem: { zh: `${file} 不是证据包（${where}）`, en: `${file} is not an evidence bundle (${where})` } };
}
