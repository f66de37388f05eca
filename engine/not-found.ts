import { isGrpcServiceError } from '@temporalio/client';

/** gRPC's status NOT_FOUND; its enumeration belongs to a library of the SDK's. */
const NOT_FOUND = 5;

/** The engine answered, and has nothing of that name: no procedure, or no procedure any more, or no namespace. */
export const isNotFound = (problem: unknown): boolean =>
  isGrpcServiceError(problem) && Number(problem.code) === NOT_FOUND;
