-- Recovery keys that their owners sealed to a passkey, kept for them so that another browser finds them.

-- CreateTable
CREATE TABLE "PasskeyBackup" (
    "id" TEXT NOT NULL,
    "account" TEXT NOT NULL,
    "credential" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "keptAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "PasskeyBackup_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "PasskeyBackup_account_credential_key" ON "PasskeyBackup"("account", "credential");
