import { normaliseIdCardNo } from '../../domain/identifiers.ts';
import type { Vault } from '../../vault/vault.ts';
import type { PrismaClient } from '../prisma.ts';

interface Stores {
  prisma: PrismaClient;
  vault: Vault;
}

/** By what a sealed number is found again. */
export const idCardIndexOf = (vault: Vault, typed: string): Promise<string> =>
  vault.blindIndex('idCardNo', normaliseIdCardNo(typed));

/** Of whom a number is: it lies sealed and is found by its blind index; whoever was entered before that, by the number itself. */
export async function hasIdCardNo(vault: Vault, typed: string) {
  return { OR: [{ idCardIndex: await idCardIndexOf(vault, typed) }, { idCardNo: normaliseIdCardNo(typed) }] };
}

/** By the number alone: a name written otherwise must not make a stranger of anybody. Undefined: not insured here. */
export async function personIdOf({ prisma, vault }: Stores, idCardNo: string): Promise<string | undefined> {
  const where = await hasIdCardNo(vault, idCardNo);
  return (await prisma.insuredPerson.findFirst({ where, select: { personId: true } }))?.personId;
}
