import type pg from 'pg';
import type { AttachedDocument, User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { MediaType } from './media-type.ts';
import { seesSql } from '../visibility.ts';

export interface DocumentRow {
  document_id: string;
  sha256: string;
  media_type: MediaType;
  byte_size: number;
  file_name: string;
  uploaded_at: Date;
}

/** Those of the documents that the user may see: uploaded by them or at their office, or attached to a case they may see. */
export async function visibleDocuments(db: pg.Pool, user: User, ids: readonly string[]): Promise<DocumentRow[]> {
  const values: unknown[] = [ids, user.id, user.officeId ?? null];
  const { rows } = await db.query<DocumentRow>(
    `SELECT d.document_id::text, d.sha256, d.media_type, d.byte_size, d.file_name, d.uploaded_at FROM document d
     WHERE d.document_id = ANY($1::uuid[])
       AND (d.uploaded_by = $2 OR d.office_id = $3
            OR EXISTS (SELECT 1 FROM case_document x JOIN case_file c USING (case_id) WHERE x.document_id = d.document_id AND ${seesSql(user, 'c', values)}))`,
    values,
  );
  return rows;
}

/**
 * Nobody hands in what they may not see: attaching another office's document to a case of one's own would be a way to read it.
 * Refuses with DOCUMENT_NOT_FOUND, the same for unknown and foreign ones.
 */
export async function refuseForeignDocuments(
  db: pg.Pool,
  user: User,
  documents: readonly AttachedDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  const visible = await visibleDocuments(
    db,
    user,
    documents.map((document) => document.documentId),
  );
  const known = new Set(visible.map((row) => row.document_id));
  const faults = documents.flatMap(({ documentId }, i) =>
    known.has(documentId) ? [] : [{ path: `documents.${i}.documentId`, zh: '没有找到该材料', en: 'no such document' }],
  );
  if (faults.length > 0) throw new Refusal('DOCUMENT_NOT_FOUND', faults);
}
