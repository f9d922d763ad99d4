-- Settlements take effect after a delay and may be voided until then. All of it is on chain or on IPFS: the tables are
-- made anew and fill themselves.
DROP TABLE "Use";
DROP TABLE "Leaf";
DROP TABLE "Settlement";

-- AlterTable
ALTER TABLE "AccessRequest" ADD COLUMN "finalBy" INTEGER;
ALTER TABLE "AccessRequest" ADD COLUMN "finalFrom" BIGINT;

-- CreateTable
CREATE TABLE "Settlement" (
    "sequence" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "epoch" INTEGER NOT NULL,
    "root" TEXT NOT NULL,
    "total" DECIMAL(78,0) NOT NULL,
    "document" TEXT NOT NULL,
    "effectiveFrom" BIGINT NOT NULL,
    "voided" BIGINT,
    "returned" BIGINT,
    "read" BOOLEAN NOT NULL DEFAULT false,
    "position" BIGINT NOT NULL,
    "block" BIGINT NOT NULL,
    "transaction" TEXT NOT NULL,
    "time" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Settlement_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "Use" (
    "request" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "amount" DECIMAL(78,0) NOT NULL,
    "sequence" INTEGER NOT NULL,

    CONSTRAINT "Use_pkey" PRIMARY KEY ("request","dataset")
);

-- CreateTable
CREATE TABLE "Leaf" (
    "account" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "total" DECIMAL(78,0) NOT NULL,

    CONSTRAINT "Leaf_pkey" PRIMARY KEY ("account","sequence")
);

-- CreateIndex
CREATE INDEX "AccessRequest_finalBy_idx" ON "AccessRequest"("finalBy");

-- CreateIndex
CREATE INDEX "Settlement_number_idx" ON "Settlement"("number");

-- CreateIndex
CREATE INDEX "Use_dataset_idx" ON "Use"("dataset");

-- CreateIndex
CREATE INDEX "Use_owner_sequence_idx" ON "Use"("owner", "sequence");

-- CreateIndex
CREATE INDEX "Use_sequence_idx" ON "Use"("sequence");

-- CreateIndex
CREATE INDEX "Leaf_sequence_idx" ON "Leaf"("sequence");

-- AddForeignKey
ALTER TABLE "Use" ADD CONSTRAINT "Use_sequence_fkey" FOREIGN KEY ("sequence") REFERENCES "Settlement"("sequence") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Leaf" ADD CONSTRAINT "Leaf_sequence_fkey" FOREIGN KEY ("sequence") REFERENCES "Settlement"("sequence") ON DELETE CASCADE ON UPDATE CASCADE;
