import type { OpenAPIObject } from '@nestjs/swagger'

// The upload routes speak tus and are no controller's, so the framework does not know them.

const header = (name: string, description: string, type = 'string', required = true) => ({
  name,
  in: 'header' as const,
  required,
  description,
  schema: { type },
})
const TUS = header('Tus-Resumable', 'always 1.0.0')
const ID = { name: 'id', in: 'path' as const, required: true, schema: { type: 'string' } }
const OFFSET = { 'Upload-Offset': { description: 'bytes that have arrived', schema: { type: 'integer' } } }
const operation = (operationId: string, parameters: object[], status: number, headers = {}, body = {}) => ({
  operationId,
  tags: ['uploads'],
  parameters,
  ...body,
  responses: { [status]: { description: 'No content; the headers tell.', headers } },
})

/** The paths of https://tus.io/protocols/resumable-upload 1.0 as the API offers them. */
export const UPLOAD_PATHS = {
  '/v1/uploads': {
    post: operation(
      'uploads_begin',
      [
        TUS,
        header('Upload-Length', 'bytes of the sealed file', 'integer'),
        header('Upload-Metadata', '`cid ` and the CID in base64'),
      ],
      201,
      { Location: { description: 'path of the upload', schema: { type: 'string' } } },
    ),
  },
  '/v1/uploads/{id}': {
    head: operation('uploads_offset', [ID, TUS], 200, OFFSET),
    patch: operation(
      'uploads_send',
      [ID, TUS, header('Upload-Offset', 'where the bytes belong', 'integer')],
      204,
      OFFSET,
      {
        requestBody: {
          required: true,
          content: { 'application/offset+octet-stream': { schema: { type: 'string', format: 'binary' } } },
        },
      },
    ),
    delete: operation('uploads_remove', [ID, TUS], 204),
  },
} as unknown as OpenAPIObject['paths']
