-- The keeper looks after documents of settlements, too: those that were read before it did.

INSERT INTO "Unadopted" ("content")
  SELECT DISTINCT s."document" FROM "Settlement" s WHERE s."read"
    AND NOT EXISTS (SELECT 1 FROM "StoredFile" f WHERE f."content" = s."document");
