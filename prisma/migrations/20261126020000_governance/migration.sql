-- AlterTable
ALTER TABLE "ChainEvent" ADD COLUMN     "proposal" TEXT;

-- CreateTable
CREATE TABLE "Proposal" (
    "id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "proposer" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "descriptionHash" TEXT NOT NULL,
    "calls" JSONB NOT NULL,
    "voteStart" BIGINT NOT NULL,
    "voteEnd" BIGINT NOT NULL,
    "queuedFor" BIGINT,
    "executed" BOOLEAN NOT NULL,
    "canceled" BOOLEAN NOT NULL,
    "forVotes" DECIMAL(78,0) NOT NULL,
    "againstVotes" DECIMAL(78,0) NOT NULL,
    "abstainVotes" DECIMAL(78,0) NOT NULL,
    "position" BIGINT NOT NULL,
    "block" BIGINT NOT NULL,
    "transaction" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Vote" (
    "proposal" TEXT NOT NULL,
    "voter" TEXT NOT NULL,
    "support" INTEGER NOT NULL,
    "weight" DECIMAL(78,0) NOT NULL,
    "reason" TEXT NOT NULL,
    "position" BIGINT NOT NULL,
    "block" BIGINT NOT NULL,
    "transaction" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Vote_pkey" PRIMARY KEY ("proposal","voter")
);

-- CreateTable
CREATE TABLE "Member" (
    "account" TEXT NOT NULL,
    "grain" DECIMAL(78,0) NOT NULL,
    "votes" DECIMAL(78,0) NOT NULL,
    "delegate" TEXT,

    CONSTRAINT "Member_pkey" PRIMARY KEY ("account")
);

-- CreateTable
CREATE TABLE "Mint" (
    "position" BIGINT NOT NULL,
    "block" BIGINT NOT NULL,
    "account" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "supply" DECIMAL(78,0) NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Mint_pkey" PRIMARY KEY ("position")
);

-- CreateTable
CREATE TABLE "Setting" (
    "position" BIGINT NOT NULL,
    "name" TEXT NOT NULL,
    "block" BIGINT NOT NULL,
    "account" TEXT,
    "value" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Setting_pkey" PRIMARY KEY ("position","name")
);

-- CreateIndex
CREATE INDEX "ChainEvent_proposal_position_idx" ON "ChainEvent"("proposal", "position");

-- CreateIndex
CREATE INDEX "Proposal_position_idx" ON "Proposal"("position");

-- CreateIndex
CREATE INDEX "Proposal_operation_idx" ON "Proposal"("operation");

-- CreateIndex
CREATE INDEX "Vote_proposal_position_idx" ON "Vote"("proposal", "position");

-- CreateIndex
CREATE INDEX "Vote_block_idx" ON "Vote"("block");

-- CreateIndex
CREATE INDEX "Mint_block_idx" ON "Mint"("block");

-- CreateIndex
CREATE INDEX "Mint_time_idx" ON "Mint"("time");

-- CreateIndex
CREATE INDEX "Setting_name_position_idx" ON "Setting"("name", "position");

-- CreateIndex
CREATE INDEX "Setting_block_idx" ON "Setting"("block");
