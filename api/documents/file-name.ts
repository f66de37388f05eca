import { documentSubject, openText, sealText, type Vault } from '../../vault/vault.ts';

/** People name files after persons and their numbers, so the name lies sealed. */
export const sealFileName = (vault: Vault, documentId: string, fileName: string): Promise<string> =>
  sealText(vault, documentSubject(documentId), 'fileName', fileName);

export const openFileName = (vault: Vault, document: { documentId: string; fileName: string }): Promise<string> =>
  openText(vault, documentSubject(document.documentId), 'fileName', document.fileName);
