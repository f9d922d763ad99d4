import type { RouteDescription } from './route.description.js'

const UPLOAD = [
  'UPLOAD_UNKNOWN',
  'UPLOAD_METADATA_INVALID',
  'UPLOAD_VERSION_MISSING',
  'UNSUPPORTED_MEDIA_TYPE',
  'UPLOAD_BUSY',
] as const
/** Where an upload may be finished, and fail at that. */
const FINISH = [
  'CID_MISMATCH',
  'STORE_FULL',
  'STORAGE_UNAVAILABLE',
  'CONTENT_UNAVAILABLE',
  'CONTENT_ERASED',
] as const

/** The upload protocol, tus. */
export const UPLOAD_ROUTES: Record<string, RouteDescription> = {
  'POST /v1/uploads': {
    summary: 'Begin to upload a sealed file (tus 1.0)',
    description:
      'The sealed file’s CID goes into `Upload-Metadata` as `cid <base64>`, its size into `Upload-Length`.',
    signed: true,
    errors: [
      ...UPLOAD,
      ...FINISH,
      'CID_INVALID',
      'UPLOAD_TOO_LARGE',
      'QUOTA_EXCEEDED',
      'STORAGE_QUOTA_EXCEEDED',
      'CONTENT_ERASED',
    ],
  },
  'HEAD /v1/uploads/{id}': {
    summary: 'How much of an upload has arrived',
    description:
      'What it counts is stored for good. A request that still sends to the upload is ended first.',
    signed: true,
    errors: [...UPLOAD, ...FINISH],
  },
  'PATCH /v1/uploads/{id}': {
    summary: 'Send the bytes of an upload from an offset',
    description: 'The last bytes are answered once the whole file was imported and its CID compared.',
    signed: true,
    errors: [...UPLOAD, ...FINISH, 'UPLOAD_OFFSET_WRONG', 'UPLOAD_TOO_LARGE', 'CONFLICT'],
  },
  'DELETE /v1/uploads/{id}': {
    summary: 'Throw an unfinished upload away',
    signed: true,
    errors: [...UPLOAD],
  },
}
