import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import type { Connected } from "./peer.ts";

/** An object as it is read. */
export interface ReadObject {
  readonly content: Buffer;
  readonly metadata: GetObjectCommandOutput["Metadata"];
  readonly etag: string | undefined;
}

/** The calls on a peer's objects that most probes make. */
export function objectsOf(peer: Connected) {
  const at = (Key: string) => ({ Bucket: peer().bucket, Key });
  return {
    at,
    put: (key: string, content: string | Buffer, options: Partial<PutObjectCommandInput> = {}) =>
      peer().s3.send(new PutObjectCommand({ ...at(key), Body: content, ...options })),
    head: (key: string) => peer().s3.send(new HeadObjectCommand(at(key))),
    get: async (key: string): Promise<ReadObject> => {
      const { Body, Metadata, ETag } = await peer().s3.send(new GetObjectCommand(at(key)));
      return {
        content: Buffer.from((await Body?.transformToByteArray()) ?? []),
        metadata: Metadata,
        etag: ETag,
      };
    },
    keys: async (prefix: string): Promise<(string | undefined)[]> => {
      const listed = await peer().s3.send(
        new ListObjectsV2Command({ Bucket: peer().bucket, Prefix: prefix }),
      );
      return (listed.Contents ?? []).map(({ Key }) => Key);
    },
  };
}
