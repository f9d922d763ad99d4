-- Messages that somebody else's transaction brought to the chain: the feed looks whether it finds them there, too
-- (`apps/api/src/chain/feed.repository.ts`). They are few among all that were relayed.

-- CreateIndex
CREATE INDEX "Relay_found_idx" ON "Relay" ("block") WHERE "status" = 'confirmed' AND "gasUsed" IS NULL;
