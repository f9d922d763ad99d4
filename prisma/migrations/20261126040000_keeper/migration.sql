-- What the keeper knows of each stored file, of its copies elsewhere, and of erasures.

-- CreateTable
CREATE TABLE "StoredFile" (
    "cid" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "document" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'unchecked',
    "since" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checkedAt" TIMESTAMP(3),
    "dueAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failures" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "StoredFile_pkey" PRIMARY KEY ("cid")
);

-- CreateTable
CREATE TABLE "StoredCopy" (
    "cid" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "since" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checkedAt" TIMESTAMP(3),
    "dueAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "code" TEXT,
    "ticket" TEXT,

    CONSTRAINT "StoredCopy_pkey" PRIMARY KEY ("cid","location")
);

-- CreateTable
CREATE TABLE "StorageEvent" (
    "id" BIGSERIAL NOT NULL,
    "cid" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "type" TEXT NOT NULL,
    "location" TEXT,
    "blocks" INTEGER,
    "code" TEXT,

    CONSTRAINT "StorageEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Erasure" (
    "dataset" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "cid" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "sharedBlocks" INTEGER NOT NULL DEFAULT 0,
    "requestedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),
    "dueAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failures" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Erasure_pkey" PRIMARY KEY ("dataset")
);

-- CreateTable
CREATE TABLE "ErasedBlock" (
    "content" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "cid" TEXT NOT NULL,

    CONSTRAINT "ErasedBlock_pkey" PRIMARY KEY ("content","position")
);

-- CreateIndex
CREATE INDEX "ErasedBlock_cid_idx" ON "ErasedBlock"("cid");

-- CreateIndex
CREATE INDEX "Dataset_metadata_idx" ON "Dataset"("metadata");

-- CreateIndex
CREATE INDEX "StoredFile_dueAt_idx" ON "StoredFile"("dueAt");

-- CreateIndex
CREATE INDEX "StoredFile_state_idx" ON "StoredFile"("state");

-- CreateIndex
CREATE INDEX "StoredCopy_state_dueAt_idx" ON "StoredCopy"("state", "dueAt");

-- CreateIndex
CREATE INDEX "StorageEvent_cid_id_idx" ON "StorageEvent"("cid", "id");

-- CreateIndex
CREATE INDEX "Erasure_content_idx" ON "Erasure"("content");

-- CreateIndex
CREATE INDEX "Erasure_state_dueAt_idx" ON "Erasure"("state", "dueAt");
