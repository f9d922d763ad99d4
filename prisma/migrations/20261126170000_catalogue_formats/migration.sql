-- The catalogue is narrowed down by the format and the size of files. Indexes on what is there already, as for its words;
-- the API's queries say the same expressions to the letter (`apps/api/src/datasets/search.repository.ts`). The
-- statistics tell the planner which formats are rare: those it finds by the index, of others the newest by their place.

-- CreateIndex
CREATE INDEX "Document_format_idx" ON "Document" ((
CASE
  WHEN "body"->'schema'->>'format' IN ('csv', 'jsonl', 'json', 'parquet', 'zip', 'text', 'image', 'audio', 'video', 'other') THEN "body"->'schema'->>'format'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('text/csv', 'text/tab-separated-values') THEN 'csv'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('application/jsonl', 'application/x-ndjson', 'application/x-jsonlines') THEN 'jsonl'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('application/json', 'application/geo+json') THEN 'json'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('application/vnd.apache.parquet', 'application/x-parquet') THEN 'parquet'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('application/zip', 'application/x-zip-compressed') THEN 'zip'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) LIKE 'text/%' THEN 'text'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) LIKE 'image/%' THEN 'image'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) LIKE 'audio/%' THEN 'audio'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) LIKE 'video/%' THEN 'video'
  ELSE 'other' END
)) WHERE ("body"->>'version' = 'granary/metadata/v1');

-- CreateIndex
CREATE INDEX "Document_size_idx" ON "Document" ((
CASE WHEN jsonb_typeof("body"->'size') = 'number' THEN ("body"->>'size')::numeric END
)) WHERE ("body"->>'version' = 'granary/metadata/v1');

-- CreateStatistics
CREATE STATISTICS "Document_version_stat" ON ("body"->>'version') FROM "Document";
CREATE STATISTICS "Document_format_stat" ON (
CASE
  WHEN "body"->'schema'->>'format' IN ('csv', 'jsonl', 'json', 'parquet', 'zip', 'text', 'image', 'audio', 'video', 'other') THEN "body"->'schema'->>'format'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('text/csv', 'text/tab-separated-values') THEN 'csv'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('application/jsonl', 'application/x-ndjson', 'application/x-jsonlines') THEN 'jsonl'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('application/json', 'application/geo+json') THEN 'json'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('application/vnd.apache.parquet', 'application/x-parquet') THEN 'parquet'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) IN ('application/zip', 'application/x-zip-compressed') THEN 'zip'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) LIKE 'text/%' THEN 'text'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) LIKE 'image/%' THEN 'image'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) LIKE 'audio/%' THEN 'audio'
  WHEN split_part(lower("body"->>'mediaType'), chr(59), 1) LIKE 'video/%' THEN 'video'
  ELSE 'other' END
) FROM "Document";
CREATE STATISTICS "Document_size_stat" ON (
CASE WHEN jsonb_typeof("body"->'size') = 'number' THEN ("body"->>'size')::numeric END
) FROM "Document";

ANALYZE "Document";
