-- The keeper takes files into care by a queue that the database fills, and comes past all files only for a new location:
-- what a round costs does not grow with the number of files.

-- CreateTable
CREATE TABLE "Unadopted" (
    "id" BIGSERIAL NOT NULL,
    "content" TEXT NOT NULL,

    CONSTRAINT "Unadopted_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CopyPlace" (
    "location" TEXT NOT NULL,
    "cid" TEXT NOT NULL DEFAULT '',
    "done" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "CopyPlace_pkey" PRIMARY KEY ("location")
);

-- CreateIndex
CREATE INDEX "Trainer_profile_idx" ON "Trainer"("profile");

-- CreateIndex
CREATE INDEX "AccessRequest_manifestDocument_idx" ON "AccessRequest"("manifestDocument");

-- CreateIndex
CREATE INDEX "Settlement_document_idx" ON "Settlement"("document");

-- Only what a round looks for: not what is erased, nor copies that are as they should be. The queries say the same
-- conditions to the letter (`apps/api/src/storage/keeper/keeping.repository.ts`).

-- CreateIndex
CREATE INDEX "StoredFile_due_idx" ON "StoredFile"("dueAt") WHERE ("state" <> 'erased');

-- CreateIndex
CREATE INDEX "StoredCopy_due_idx" ON "StoredCopy"("location", "dueAt")
  WHERE ("state" IN ('unchecked', 'pending', 'failing') OR ("state" = 'missing' AND "kind" <> 'gateway'));

-- By whom a content was contributed is asked before it is deleted (`apps/api/src/uploads/upload.repository.ts`).

-- CreateIndex
CREATE INDEX "ChainEvent_contributed_content_idx" ON "ChainEvent"(("args" ->> 'content')) WHERE ("name" = 'Contributed');

-- CreateIndex
CREATE INDEX "Relay_contribution_content_idx" ON "Relay"(("payload" #>> '{message,content}')) WHERE ("kind" = 'contribution');

-- A file is taken into care when it is here and the chain names it: whichever comes last puts it into the queue.
-- A semicolon inside of a function is written \x3b, since the engine that applies this cuts the script at each.
CREATE FUNCTION "queue_datasets"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Unadopted" ("content")
  SELECT "content" FROM added UNION SELECT "metadata" FROM added\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "Dataset_queue" AFTER INSERT ON "Dataset" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "queue_datasets"();

CREATE FUNCTION "queue_contents"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Unadopted" ("content") SELECT DISTINCT "content" FROM added WHERE "content" IS NOT NULL\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "Content_queue" AFTER INSERT ON "Content" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "queue_contents"();

CREATE FUNCTION "queue_documents"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Unadopted" ("content") SELECT DISTINCT "digest" FROM added WHERE "digest" IS NOT NULL\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "Document_queue" AFTER INSERT ON "Document" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "queue_documents"();

CREATE FUNCTION "queue_pools"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Unadopted" ("content") SELECT DISTINCT "terms" FROM added WHERE "terms" IS NOT NULL\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "Pool_queue" AFTER INSERT ON "Pool" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "queue_pools"();

CREATE FUNCTION "queue_trainers"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Unadopted" ("content") SELECT DISTINCT "profile" FROM added WHERE "profile" IS NOT NULL\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "Trainer_queue" AFTER INSERT ON "Trainer" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "queue_trainers"();

CREATE FUNCTION "queue_requests"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Unadopted" ("content") SELECT DISTINCT "manifestDocument" FROM added WHERE "manifestDocument" IS NOT NULL\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "AccessRequest_queue" AFTER INSERT ON "AccessRequest" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "queue_requests"();

CREATE FUNCTION "queue_settlements"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Unadopted" ("content") SELECT DISTINCT "document" FROM added WHERE "document" IS NOT NULL\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "Settlement_queue" AFTER INSERT ON "Settlement" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "queue_settlements"();

-- What is here and not in care yet.
INSERT INTO "Unadopted" ("content")
  SELECT c."content" FROM "Content" c WHERE NOT EXISTS (SELECT 1 FROM "StoredFile" f WHERE f."cid" = c."cid")
  UNION SELECT d."digest" FROM "Document" d WHERE NOT EXISTS (SELECT 1 FROM "StoredFile" f WHERE f."cid" = d."cid");
