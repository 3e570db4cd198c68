export {
  END_LIFE_MS,
  isLost,
  LAST_TRY_MS,
  lost,
  OPERATION_LIFE_MS,
  type Operation,
  type OperationPush,
  type StoredOperation,
  shownOperation,
} from "./operation.ts";
export { archiveOf, findOperation, Operations } from "./operations.ts";
