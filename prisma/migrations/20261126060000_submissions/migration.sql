-- AlterTable
ALTER TABLE "Lease" ADD COLUMN     "note" TEXT;

-- CreateTable
CREATE TABLE "Submission" (
    "hash" TEXT NOT NULL,
    "sender" TEXT NOT NULL,
    "nonce" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "relays" TEXT[],
    "raw" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "block" BIGINT,
    "blockHash" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Submission_pkey" PRIMARY KEY ("hash")
);

-- CreateIndex
CREATE INDEX "Submission_state_nonce_idx" ON "Submission"("state", "nonce");

-- CreateIndex
CREATE INDEX "Submission_relays_idx" ON "Submission" USING GIN ("relays");

-- CreateIndex
CREATE INDEX "Submission_block_idx" ON "Submission"("block");

-- CreateIndex
CREATE INDEX "Submission_createdAt_idx" ON "Submission"("createdAt");
