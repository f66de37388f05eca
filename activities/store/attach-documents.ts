import type pg from 'pg';
import { Refusal } from '../../domain/refusal.ts';
import type { AttachedDocument } from '../../domain/case.ts';

/** Ties uploaded documents to the case; answers the types attached now. Refuses ids nobody uploaded. */
export async function attach(
  tx: pg.ClientBase,
  caseId: string,
  turn: number,
  documents: readonly AttachedDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  const ids = documents.map((d) => d.documentId);
  const { rows } = await tx.query<{ document_id: string }>({
    name: 'known-documents',
    text: 'SELECT document_id::text FROM document WHERE document_id = ANY($1::uuid[])',
    values: [ids],
  });
  const known = new Set(rows.map((row) => row.document_id));
  const unknown = documents.flatMap((d, i) =>
    known.has(d.documentId)
      ? []
      : [{ path: `documents.${i}.documentId`, zh: '没有找到该材料', en: 'no such document' }],
  );
  if (unknown.length > 0) throw new Refusal('DOCUMENT_NOT_FOUND', unknown);
  await tx.query({
    name: 'attach-documents',
    text: `INSERT INTO case_document (case_id, document_id, type, turn)
           SELECT $1, d.id, d.type, $2 FROM unnest($3::uuid[], $4::text[]) AS d(id, type)
           ON CONFLICT DO NOTHING`,
    values: [caseId, turn, ids, documents.map((d) => d.type)],
  });
}

export async function attachDocuments(
  tx: pg.ClientBase,
  row: { documents: string[] },
  turn: { caseId: string; turn: number; documents?: AttachedDocument[] | undefined },
): Promise<string[]> {
  const added = turn.documents ?? [];
  await attach(tx, turn.caseId, turn.turn, added);
  return [...new Set([...row.documents, ...added.map((d) => d.type)])];
}
