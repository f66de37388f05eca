/** What we use of two packages that bring no types. */
declare module 'multer' {
  import type { Request, RequestHandler } from 'express';
  import type { Readable } from 'node:stream';

  namespace multer {
    interface IncomingFile {
      fieldname: string;
      originalname: string;
      mimetype: string;
      stream: Readable;
    }
    /** What the storage engine answers is added to the file. */
    interface StorageEngine<Kept extends object> {
      _handleFile(req: Request, file: IncomingFile, done: (problem: unknown, kept?: Kept) => void): void;
      _removeFile(req: Request, file: IncomingFile & Partial<Kept>, done: (problem: unknown) => void): void;
    }
    interface Options<Kept extends object> {
      storage: StorageEngine<Kept>;
      defParamCharset?: string;
      limits?: Partial<Record<'files' | 'fields' | 'parts' | 'fileSize' | 'headerPairs', number>>;
    }
    class MulterError extends Error {
      code: string;
    }
  }
  function multer<Kept extends object>(options: multer.Options<Kept>): { single(part: string): RequestHandler };
  export default multer;
}

declare module 'swagger-ui-dist' {
  export function getAbsoluteFSPath(): string;
}
