import type { Deployment } from '@granary/protocol'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import { z } from 'zod'
import { COOKIE } from '../auth/token.js'
import { describe } from './describe.js'
import { signingFacts } from './signing.js'
import { UPLOAD_PATHS } from './uploads.paths.js'

/** `/docs` and `/docs-json`: OpenAPI 3.1 from the same schemas that judge requests, completed by routes.ts. */
export function mountDocs(app: NestFastifyApplication, deployment: Deployment): void {
  const config = new DocumentBuilder()
    .setTitle('Granary')
    .setDescription(
      'Errors are RFC 9457 problem documents with a stable `code`. Amounts are decimal strings in the smallest unit, times RFC 3339 in UTC.\n\n' +
        'Before a route is known, any request may be refused with `MALFORMED_REQUEST` (400), `METHOD_NOT_ALLOWED` (405, with ' +
        '`Allow`), `REQUEST_TIMEOUT` (408), `URL_TOO_LONG` (414) or `HEADERS_TOO_LARGE` (431). `RateLimit-*` tell how many ' +
        'requests are left; `TOO_MANY_REQUESTS` comes with `Retry-After`.',
    )
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer' })
    .addCookieAuth(COOKIE, undefined, 'cookie')
    .build()
  const made = () =>
    SwaggerModule.createDocument(app, config, {
      standardSchemaConverter: (schema, { schemaType }) =>
        schema instanceof z.ZodType
          ? {
              schema: z.toJSONSchema(schema, {
                io: schemaType,
                unrepresentable: 'any',
                target: 'draft-2020-12',
              }),
            }
          : undefined,
    })
  const document = () => {
    const { paths, ...rest } = made()
    const whole = describe({ ...rest, paths: { ...paths, ...UPLOAD_PATHS } })
    return { ...whole, 'x-granary': signingFacts(deployment) }
  }
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'docs-json', customSiteTitle: 'Granary API' })
}

/** Swagger's page draws itself with inline styles and one inline script of its own making. */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
