export {
  END_LIFE_MS,
  isLost,
  LAST_TRY_MS,
  lost,
  OPERATION_LIFE_MS,
  type Operation,
  type OperationPush,
  SILENCE_MS,
  type StoredOperation,
  shownOperation,
} from "./operation.ts";
export { archiveOf, type NewOperation, Operations } from "./operations.ts";
