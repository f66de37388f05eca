import { suiteOf } from '../../vault/keyring.ts';
import { SUITES, type SuiteName } from '../../vault/suite.ts';
import type { Bundle } from '../bundle.ts';
import { differs, type Findings } from '../check.ts';

/** Each disclosed value against the commit the log holds in its place. */
export function checkOpenings({ openings }: Bundle, found: Findings): void {
  for (const { commit, field, suite, salt, text } of openings) {
    const known = (SUITES as readonly string[]).includes(suite);
    const made = known
      ? suiteOf(suite as SuiteName)
          .mac(Buffer.from(salt, 'base64url'), Buffer.from(text, 'utf8'))
          .toString('base64url')
      : 'unknown suite';
    found.hold('OPENINGS', `${field} ${commit.slice(0, 8)}…`, made === commit, () => differs(commit, made));
  }
}
