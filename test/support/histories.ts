import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import type { temporal } from '@temporalio/proto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { sealedBy } from '../../engine/client.ts';
import { createPayloadCodec, isSealedPayload } from '../../engine/payload-codec.ts';
import type { Vault } from '../../vault/vault.ts';

export type History = temporal.api.history.v1.IHistory;

const BUNDLE = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));

/**
 * Runs the procedures of today over what happened; throws DeterminismViolationError where they would act differently. Sealed
 * histories need the vault they were sealed with; those kept as fixtures are plain.
 */
export async function replay(
  histories: Iterable<{ workflowId: string; history: History }>,
  vault?: Vault,
  bundle = readFileSync(BUNDLE, 'utf8'),
): Promise<number> {
  const options = {
    workflowBundle: { code: bundle },
    dataConverter: vault ? sealedBy(vault) : undefined,
  };
  let replayed = 0;
  for await (const result of Worker.runReplayHistories(options, histories)) {
    if (result.error) throw new Error(`${result.workflowId}: ${result.error.message}`);
    replayed++;
  }
  return replayed;
}

/** A history as it is kept in a file: the engine's own binary form. */
export const historyOf = (bytes: Uint8Array): History => proto.temporal.api.history.v1.History.decode(bytes);
export const bytesOf = (history: History): Uint8Array => proto.temporal.api.history.v1.History.encode(history).finish();

/** The procedures that are no case's, by their names in the engine. */
export const OTHERS = ['CALENDAR_RUN', 'DAILY_DIGEST', 'SEND_OUTBOX', 'LOG_HEADS', 'DUTY', 'DUTY_OPENING'] as const;

export const keepsHistories = (): boolean => Boolean(process.env['JINGBAN_KEEP_HISTORIES']);

/**
 * With JINGBAN_KEEP_HISTORIES a folder, what happened is kept there, opened: the keys go with the test's database, and a fixture must
 * replay for ever (`test/replay/record.ts` chooses).
 */
export async function keepHistory(workflowId: string, history: History, vault: Vault): Promise<void> {
  const folder = process.env['JINGBAN_KEEP_HISTORIES'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const opened = historyOf(bytesOf(history));
  await openIn(opened, createPayloadCodec(vault));
  writeFileSync(join(folder, `${workflowId}.history`), bytesOf(opened));
}

/** Opens every payload within, wherever it hangs. */
async function openIn(value: unknown, codec: PayloadCodec): Promise<void> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const part of Object.values(value)) await openIn(part, codec);
  if ('metadata' in value && isSealedPayload(value as Payload)) {
    const [opened] = await codec.decode([value as Payload]);
    Object.assign(value, opened);
  }
}
