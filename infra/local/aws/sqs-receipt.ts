import * as z from "zod/mini";
import { SqsError } from "./sqs-error.ts";
import type { QueuedMessage } from "./sqs-message.ts";

const receiptSchema = z.tuple([z.string(), z.string(), z.number()]);

/** What a receipt handle stands for. */
export interface Receipt {
  readonly messageId: string;
  /** Which receipt of the message it was, from 1. */
  readonly receiveCount: number;
}

/** The handle of the last receipt of a message. */
export function handleOf(queue: string, message: QueuedMessage): string {
  return Buffer.from(JSON.stringify([queue, message.id, message.receiveCount])).toString("base64url");
}

/**
 * Reads a handle.
 *
 * @throws SqsError where it is none of this queue
 */
export function receiptOf(queue: string, handle: string): Receipt {
  const read = receiptSchema.safeParse(jsonOf(Buffer.from(handle, "base64url").toString()));
  if (!read.success || read.data[0] !== queue) {
    throw new SqsError("ReceiptHandleIsInvalid", `The input receipt handle "${handle}" is not valid.`);
  }
  const [, messageId, receiveCount] = read.data;
  return { messageId, receiveCount };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
