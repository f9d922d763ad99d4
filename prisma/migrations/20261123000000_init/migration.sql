-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Nonce" (
    "nonce" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Nonce_pkey" PRIMARY KEY ("nonce")
);

-- CreateTable
CREATE TABLE "Session" (
    "tokenHash" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "Upload" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "cid" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "finished" BOOLEAN NOT NULL DEFAULT false,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Upload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Content" (
    "content" TEXT NOT NULL,
    "cid" TEXT NOT NULL,
    "rawRoot" BOOLEAN NOT NULL,
    "size" BIGINT NOT NULL,
    "uploader" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Content_pkey" PRIMARY KEY ("content")
);

-- CreateTable
CREATE TABLE "Document" (
    "digest" TEXT NOT NULL,
    "cid" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Document_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "Relay" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "status" TEXT NOT NULL,
    "transaction" TEXT,
    "raw" TEXT,
    "block" BIGINT,
    "gasUsed" BIGINT,
    "batch" INTEGER,
    "place" INTEGER,
    "code" TEXT,
    "message" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Relay_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Lease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "until" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Checkpoint" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "deployment" TEXT NOT NULL,
    "block" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "Checkpoint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Block" (
    "number" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "Block_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "ChainEvent" (
    "position" BIGINT NOT NULL,
    "block" BIGINT NOT NULL,
    "transaction" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,
    "contract" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "args" JSONB NOT NULL,
    "dataset" TEXT,
    "request" TEXT,
    "account" TEXT,
    "pool" INTEGER,

    CONSTRAINT "ChainEvent_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "Pool" (
    "id" INTEGER NOT NULL,
    "terms" TEXT NOT NULL,
    "lowestPrice" DECIMAL(78,0) NOT NULL,
    "price" DECIMAL(78,0) NOT NULL,
    "closed" BOOLEAN NOT NULL,

    CONSTRAINT "Pool_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Dataset" (
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "metadata" TEXT NOT NULL,
    "pool" INTEGER NOT NULL,
    "purposes" BIGINT NOT NULL,
    "expires" BIGINT NOT NULL,
    "ask" BOOLEAN NOT NULL,
    "rawRoot" BOOLEAN NOT NULL,
    "withdrawn" BOOLEAN NOT NULL,
    "position" BIGINT NOT NULL,
    "block" BIGINT NOT NULL,
    "transaction" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Dataset_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Trainer" (
    "address" TEXT NOT NULL,
    "profile" TEXT,
    "applied" BOOLEAN NOT NULL,
    "approvedUntil" BIGINT NOT NULL,
    "revoked" BOOLEAN NOT NULL,
    "suspended" BOOLEAN NOT NULL,
    "position" BIGINT NOT NULL,

    CONSTRAINT "Trainer_pkey" PRIMARY KEY ("address")
);

-- CreateTable
CREATE TABLE "AccessRequest" (
    "id" TEXT NOT NULL,
    "trainer" TEXT NOT NULL,
    "pool" INTEGER NOT NULL,
    "purposes" BIGINT NOT NULL,
    "count" INTEGER NOT NULL,
    "price" DECIMAL(78,0) NOT NULL,
    "spent" DECIMAL(78,0) NOT NULL,
    "refunded" DECIMAL(78,0) NOT NULL,
    "isFinal" BOOLEAN NOT NULL,
    "isRefunded" BOOLEAN NOT NULL,
    "expires" BIGINT NOT NULL,
    "window" BIGINT NOT NULL,
    "manifestRoot" TEXT NOT NULL,
    "manifestDocument" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "treasuryBps" INTEGER NOT NULL,
    "custodiansBps" INTEGER NOT NULL,
    "position" BIGINT NOT NULL,
    "block" BIGINT NOT NULL,
    "transaction" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "AccessRequest_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Approval" (
    "request" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "granted" BOOLEAN NOT NULL,
    "block" BIGINT NOT NULL,
    "transaction" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Approval_pkey" PRIMARY KEY ("request","dataset")
);

-- CreateTable
CREATE TABLE "Settlement" (
    "number" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "root" TEXT NOT NULL,
    "total" DECIMAL(78,0) NOT NULL,
    "document" TEXT NOT NULL,
    "read" BOOLEAN NOT NULL DEFAULT false,
    "position" BIGINT NOT NULL,
    "block" BIGINT NOT NULL,
    "transaction" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Settlement_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "Use" (
    "request" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "number" INTEGER NOT NULL,

    CONSTRAINT "Use_pkey" PRIMARY KEY ("request","dataset")
);

-- CreateTable
CREATE TABLE "Leaf" (
    "account" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "total" DECIMAL(78,0) NOT NULL,

    CONSTRAINT "Leaf_pkey" PRIMARY KEY ("account","number")
);

-- CreateTable
CREATE TABLE "Claimed" (
    "account" TEXT NOT NULL,
    "total" DECIMAL(78,0) NOT NULL,

    CONSTRAINT "Claimed_pkey" PRIMARY KEY ("account")
);

-- CreateIndex
CREATE INDEX "Nonce_expiresAt_idx" ON "Nonce"("expiresAt");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE INDEX "Upload_owner_idx" ON "Upload"("owner");

-- CreateIndex
CREATE INDEX "Upload_expiresAt_idx" ON "Upload"("expiresAt");

-- CreateIndex
CREATE INDEX "Content_uploader_idx" ON "Content"("uploader");

-- CreateIndex
CREATE INDEX "Relay_kind_key_idx" ON "Relay"("kind", "key");

-- CreateIndex
CREATE INDEX "Relay_status_createdAt_idx" ON "Relay"("status", "createdAt");

-- CreateIndex
CREATE INDEX "Relay_account_createdAt_idx" ON "Relay"("account", "createdAt");

-- CreateIndex
CREATE INDEX "ChainEvent_block_idx" ON "ChainEvent"("block");

-- CreateIndex
CREATE INDEX "ChainEvent_dataset_position_idx" ON "ChainEvent"("dataset", "position");

-- CreateIndex
CREATE INDEX "ChainEvent_request_position_idx" ON "ChainEvent"("request", "position");

-- CreateIndex
CREATE INDEX "ChainEvent_account_position_idx" ON "ChainEvent"("account", "position");

-- CreateIndex
CREATE INDEX "ChainEvent_pool_position_idx" ON "ChainEvent"("pool", "position");

-- CreateIndex
CREATE INDEX "Dataset_position_idx" ON "Dataset"("position");

-- CreateIndex
CREATE INDEX "Dataset_owner_position_idx" ON "Dataset"("owner", "position");

-- CreateIndex
CREATE INDEX "Dataset_pool_position_idx" ON "Dataset"("pool", "position");

-- CreateIndex
CREATE INDEX "Dataset_content_idx" ON "Dataset"("content");

-- CreateIndex
CREATE INDEX "Trainer_position_idx" ON "Trainer"("position");

-- CreateIndex
CREATE INDEX "AccessRequest_position_idx" ON "AccessRequest"("position");

-- CreateIndex
CREATE INDEX "AccessRequest_trainer_position_idx" ON "AccessRequest"("trainer", "position");

-- CreateIndex
CREATE INDEX "Approval_dataset_idx" ON "Approval"("dataset");

-- CreateIndex
CREATE INDEX "Use_dataset_idx" ON "Use"("dataset");

-- CreateIndex
CREATE INDEX "Use_owner_number_idx" ON "Use"("owner", "number");

-- CreateIndex
CREATE INDEX "Use_number_idx" ON "Use"("number");

-- CreateIndex
CREATE INDEX "Leaf_number_idx" ON "Leaf"("number");

-- AddForeignKey
ALTER TABLE "Use" ADD CONSTRAINT "Use_number_fkey" FOREIGN KEY ("number") REFERENCES "Settlement"("number") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Leaf" ADD CONSTRAINT "Leaf_number_fkey" FOREIGN KEY ("number") REFERENCES "Settlement"("number") ON DELETE CASCADE ON UPDATE CASCADE;

