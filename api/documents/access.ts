import type { AttachedDocument, User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Document } from '../../generated/prisma/client.ts';
import type { PrismaClient } from '../prisma.ts';
import { seesWhere } from '../visibility.ts';

/** Those of the documents that the user may see: uploaded by them or at their office, or attached to a case they may see. */
export const visibleDocuments = (prisma: PrismaClient, user: User, ids: readonly string[]): Promise<Document[]> =>
  prisma.document.findMany({
    where: {
      documentId: { in: [...ids] },
      OR: [
        { uploadedBy: user.id },
        // Left out rather than undefined: what Prisma makes of an undefined condition depends on where it stands.
        ...(user.officeId === undefined ? [] : [{ officeId: user.officeId }]),
        { uses: { some: { caseFile: seesWhere(user, 'GET_DOCUMENT') } } },
      ],
    },
  });

/**
 * Nobody hands in what they may not see: attaching another office's document to a case of one's own would be a way to read it.
 * Refuses with DOCUMENT_NOT_FOUND, the same for unknown and foreign ones.
 */
export async function refuseForeignDocuments(
  prisma: PrismaClient,
  user: User,
  documents: readonly AttachedDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  const visible = await visibleDocuments(
    prisma,
    user,
    documents.map((document) => document.documentId),
  );
  const known = new Set(visible.map((row) => row.documentId));
  const faults = documents.flatMap(({ documentId }, i) =>
    known.has(documentId) ? [] : [{ path: `documents.${i}.documentId`, zh: '没有找到该材料', en: 'no such document' }],
  );
  if (faults.length > 0) throw new Refusal('DOCUMENT_NOT_FOUND', faults);
}
