-- The catalogue is searched by the words of title and description, whatever their accents. An index on what is there
-- already: nothing that writes documents has to know of it. The API's query says the same expression to the letter
-- (`apps/api/src/datasets/search.repository.ts`).

-- CreateIndex
CREATE INDEX "Document_words_idx" ON "Document" USING GIN (
  (to_tsvector('simple', translate(lower(left(coalesce("body"->>'title', '') || ' ' || coalesce("body"->>'description', ''), 6000)), 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ._-/@:,()[]{}+&#', 'aaaaaaceeeeiiiinooooouuuuyy                ')))
) WHERE ("body"->>'version' = 'granary/metadata/v1');
