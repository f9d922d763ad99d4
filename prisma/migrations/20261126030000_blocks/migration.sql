-- Uploads lie in the block store and in the database, in no replica's folder, and the blocks of every file are known by
-- name.

-- AlterTable
ALTER TABLE "Upload" ADD COLUMN "offset" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "UploadBlock" (
    "upload" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "writer" TEXT NOT NULL,
    "cid" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "stored" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "UploadBlock_pkey" PRIMARY KEY ("upload","position","writer")
);

-- CreateTable
CREATE TABLE "UploadTail" (
    "upload" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "UploadTail_pkey" PRIMARY KEY ("upload")
);

-- CreateTable
CREATE TABLE "UploadLock" (
    "upload" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until" TIMESTAMP(3) NOT NULL,
    "wanted" TEXT,

    CONSTRAINT "UploadLock_pkey" PRIMARY KEY ("upload")
);

-- CreateTable
CREATE TABLE "Tally" (
    "name" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,

    CONSTRAINT "Tally_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "ContentBlock" (
    "content" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "cid" TEXT NOT NULL,
    "size" INTEGER NOT NULL,

    CONSTRAINT "ContentBlock_pkey" PRIMARY KEY ("content","position")
);

-- CreateTable
CREATE TABLE "BlockRemoval" (
    "cid" TEXT NOT NULL,
    "until" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "BlockRemoval_pkey" PRIMARY KEY ("cid")
);

-- CreateIndex
CREATE INDEX "UploadBlock_cid_idx" ON "UploadBlock"("cid");

-- CreateIndex
CREATE INDEX "ContentBlock_cid_idx" ON "ContentBlock"("cid");

-- What is stored and under way, kept by the database itself: no sum over all files for each upload that begins, and its
-- row makes uploads that begin at once wait for each other.
INSERT INTO "Tally" ("name", "bytes") VALUES ('storage',
  (SELECT coalesce(sum("size"), 0) FROM "Content") +
  (SELECT coalesce(sum("size"), 0) FROM "Upload" WHERE NOT "finished"));

-- A semicolon inside of a function is written \x3b, since the engine that applies this cuts the script at each.
CREATE FUNCTION "tally_content"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  UPDATE "Tally" SET "bytes" = "bytes"
    + CASE WHEN TG_OP = ''DELETE'' THEN 0 ELSE NEW."size" END
    - CASE WHEN TG_OP = ''INSERT'' THEN 0 ELSE OLD."size" END
  WHERE "name" = ''storage''\x3b
  RETURN NULL\x3b
END';

CREATE FUNCTION "tally_upload"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  UPDATE "Tally" SET "bytes" = "bytes"
    + CASE WHEN TG_OP = ''DELETE'' OR NEW."finished" THEN 0 ELSE NEW."size" END
    - CASE WHEN TG_OP = ''INSERT'' OR OLD."finished" THEN 0 ELSE OLD."size" END
  WHERE "name" = ''storage''\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "Content_tally" AFTER INSERT OR DELETE OR UPDATE OF "size" ON "Content"
  FOR EACH ROW EXECUTE FUNCTION "tally_content"();

CREATE TRIGGER "Upload_tally" AFTER INSERT OR DELETE OR UPDATE OF "size", "finished" ON "Upload"
  FOR EACH ROW EXECUTE FUNCTION "tally_upload"();
