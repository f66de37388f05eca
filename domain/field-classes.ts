/**
 * What kind of data a field holds, in one table (PIPL Arts. 28, 51): who may read it, and how it lies in the store, follows from
 * here. Fields are named as in forms, facts and papers, wherever in them they stand; one that is not named is INTERNAL.
 */
export const FIELD_CLASSES = {
  // A person could be harmed: encrypted in the store and in the engine, masked in lists, shown whole for a reason that is logged.
  idCardNo: 'SENSITIVE',
  parentIdCardNo: 'SENSITIVE',
  phone: 'SENSITIVE',
  account: 'SENSITIVE',
  diagnosis: 'SENSITIVE',
  disease: 'SENSITIVE',
  diseaseCode: 'SENSITIVE',
  diseaseName: 'SENSITIVE',
  treatmentPlanSummary: 'SENSITIVE',
  medicalAffairsOpinion: 'SENSITIVE',
  injuryCause: 'SENSITIVE',
  // Who it is: masked in lists.
  name: 'PERSONAL',
  holder: 'PERSONAL',
  liableParty: 'PERSONAL',
  proxy: 'PERSONAL',
  birthDate: 'PERSONAL',
  bornOn: 'PERSONAL',
  sex: 'PERSONAL',
  // Anybody may know it.
  processType: 'PUBLIC',
  acceptanceNo: 'PUBLIC',
} as const satisfies Record<string, FieldClass>;

export type FieldClass = 'PUBLIC' | 'INTERNAL' | 'PERSONAL' | 'SENSITIVE';

export const classOf = (field: string): FieldClass =>
  Object.hasOwn(FIELD_CLASSES, field) ? FIELD_CLASSES[field as keyof typeof FIELD_CLASSES] : 'INTERNAL';

/** Its value lies sealed in every row and paper. */
export const isSealed = (field: string): boolean => classOf(field) === 'SENSITIVE';
