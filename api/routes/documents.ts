import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Refusal } from '../../domain/refusal.ts';
import { visibleDocuments } from '../documents/access.ts';
import { openFileName, sealFileName } from '../documents/file-name.ts';
import { seesWhere } from '../visibility.ts';
import { MEDIA_TYPES } from '../documents/media-type.ts';
import { instantText } from '../instant.ts';
import { defineRoute } from '../route.ts';
import { documentId, instant } from '../schemas.ts';
import { FILE_POLICY } from '../security-headers.ts';

const uploaded = z
  .strictObject({
    documentId: z.uuid(),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    mediaType: z.enum(MEDIA_TYPES),
    byteSize: z.int(),
    fileName: z.string(),
    uploadedAt: instant,
  })
  .meta({ id: 'Document' });

export const documentRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/v1/documents',
    id: 'uploadDocument',
    tag: '材料 / documents',
    summary: {
      zh: '上传材料（PDF、JPEG、PNG），办理时再随业务提交',
      en: 'upload a document; it is handed in with a filing or a decision',
    },
    action: 'UPLOAD_DOCUMENT',
    upload: true,
    answer: { status: 201, summary: { zh: '已保存', en: 'kept' }, schema: uploaded },
    async handle(deps, { user, file }) {
      if (!file) throw new Error('an upload route without a file');
      const { received, mediaType, fileName } = file;
      const { sha256, byteSize } = received;
      const id = randomUUID();
      const uploadedAt = deps.now();
      // The bytes first: a row without bytes would be a lie, bytes without a row are only a few wasted blocks.
      await received.keep();
      await deps.prisma.document.create({
        data: {
          documentId: id,
          sha256,
          mediaType,
          byteSize,
          fileName: await sealFileName(deps.vault, id, fileName),
          uploadedBy: user.id,
          officeId: user.officeId,
          uploadedAt: new Date(uploadedAt),
        },
      });
      const json = { documentId: id, sha256, mediaType, byteSize, fileName, uploadedAt: instantText(uploadedAt) };
      return { headers: { Location: `/api/v1/documents/${id}` }, json };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/documents/{documentId}',
    id: 'getDocument',
    tag: '材料 / documents',
    summary: { zh: '下载材料', en: 'fetch a document' },
    action: 'GET_DOCUMENT',
    params: z.strictObject({ documentId }),
    answer: { status: 200, summary: { zh: '文件内容', en: 'the file' }, mediaTypes: MEDIA_TYPES },
    async handle(deps, { user, params }) {
      const [row] = await visibleDocuments(deps.prisma, user, [params.documentId]);
      if (!row) throw new Refusal('DOCUMENT_NOT_FOUND');
      const bytes = await deps.documents.open(row.sha256);
      if (!bytes) throw new Error(`document ${row.documentId}: its bytes are not in the store`);
      const fileName = await openFileName(deps.vault, row);
      // The paper of somebody's case: who fetched it is told with the case.
      const use = await deps.prisma.caseDocument.findFirst({
        where: { documentId: row.documentId, caseFile: seesWhere(user) },
        select: { caseFile: { select: { acceptanceNo: true } } },
      });
      return {
        ...(use ? { about: use.caseFile.acceptanceNo } : {}),
        bytes,
        headers: {
          'Content-Type': row.mediaType,
          'Content-Length': String(row.byteSize),
          // Always saved, never shown within our own origin: a PDF can hold scripts.
          'Content-Security-Policy': FILE_POLICY,
          'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
        },
      };
    },
  }),
];
