import pg from 'pg';
import { classify } from '../../activities/incidents/classify.ts';
import { UnreadablePayload } from '../../engine/payload-codec.ts';
import { Unsealable } from '../../vault/suite.ts';

/** Errors as programs make them, most of them quoting what they were given. */
const PERSONAL = '示例甲 441602199203159011';
const sql = (code: string, constraint?: string): Error =>
  Object.assign(new pg.DatabaseError(PERSONAL, 0, 'error'), {
    code,
    detail: PERSONAL,
    ...(constraint ? { constraint } : {}),
  });
const coded = (code: string | number): Error => Object.assign(new Error(PERSONAL), { code });

it.each<[string, Error, string, string | undefined]>([
  ['a constraint', sql('23505', 'case_turn_pkey'), 'STORE_REFUSES', '23505 case_turn_pkey'],
  ['a trigger', sql('P0001'), 'STORE_REFUSES', 'P0001'],
  ['a full disk', sql('53100'), 'STORE_FULL', '53100'],
  ['a full disk of ours', coded('ENOSPC'), 'STORE_FULL', 'ENOSPC'],
  ['too many connections', sql('53300'), 'STORE_BUSY', '53300'],
  ['a lock', sql('55P03'), 'STORE_BUSY', '55P03'],
  ['a server that goes', sql('57P01'), 'STORE_UNREACHABLE', '57P01'],
  ['a server that is away', coded('ECONNREFUSED'), 'STORE_UNREACHABLE', 'ECONNREFUSED'],
  ['a connection that broke', new Error('Connection terminated unexpectedly'), 'STORE_UNREACHABLE', undefined],
  ['the engine', coded(14), 'ENGINE_UNREACHABLE', 'gRPC 14'],
  ['a lost key', new UnreadablePayload('7', new Unsealable('unknown key')), 'KEY_UNKNOWN', 'key 7'],
  ['altered bytes', new UnreadablePayload('7', new Unsealable('altered')), 'FIELD_UNREADABLE', 'key 7'],
  ['a field', new Unsealable('altered'), 'FIELD_UNREADABLE', undefined],
  ['what lies beneath', new Error(PERSONAL, { cause: sql('40001') }), 'STORE_BUSY', '40001'],
  ['a bug', new TypeError(PERSONAL), 'PROGRAM_ERROR', 'TypeError'],
])('%s is said in a word of the list, and nothing is quoted', (_, problem, error, detail) => {
  expect(classify(problem)).toEqual({ error, ...(detail === undefined ? {} : { detail }) });
});

it('a constraint or name that is none is not taken over', () => {
  expect(classify(Object.assign(new Error('x'), { name: PERSONAL }))).toEqual({ error: 'PROGRAM_ERROR' });
});
