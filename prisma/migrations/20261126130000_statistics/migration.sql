-- What happened on each day (UTC), kept by the database itself: a chart must not count millions of rows each time it is
-- looked at. Whatever takes rows away again (a chain that went back, a voided settlement) takes its counts with it.

-- CreateTable
CREATE TABLE "Statistic" (
    "day" DATE NOT NULL,
    "contributors" INTEGER NOT NULL DEFAULT 0,
    "datasets" INTEGER NOT NULL DEFAULT 0,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "earned" DECIMAL(78,0) NOT NULL DEFAULT 0,
    "claimed" DECIMAL(78,0) NOT NULL DEFAULT 0,

    CONSTRAINT "Statistic_pkey" PRIMARY KEY ("day")
);

-- CreateIndex
CREATE INDEX "Member_delegate_account_idx" ON "Member"("delegate", "account");

-- A semicolon inside of a function is written \x3b, since the engine that applies this cuts the script at each.

-- An account counts on the day of its first dataset, by position, whatever the order in which rows come and go.
CREATE FUNCTION "statistic_datasets_added"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Statistic" ("day", "contributors", "datasets")
  SELECT "day", sum("contributors"), sum("datasets") FROM (
    SELECT "time"::date AS "day", 0 AS "contributors", 1 AS "datasets" FROM added
    UNION ALL SELECT f."after"::date, 1, 0 FROM (SELECT (SELECT d."time" FROM "Dataset" d
      WHERE d."owner" = o."owner" ORDER BY d."position" LIMIT 1) AS "after"
      FROM (SELECT DISTINCT "owner" FROM added) o) f
    UNION ALL SELECT f."before"::date, -1, 0 FROM (SELECT (SELECT d."time" FROM "Dataset" d
      WHERE d."owner" = o."owner" AND NOT EXISTS (SELECT 1 FROM added a WHERE a."id" = d."id")
      ORDER BY d."position" LIMIT 1) AS "before"
      FROM (SELECT DISTINCT "owner" FROM added) o) f WHERE f."before" IS NOT NULL
  ) changes GROUP BY "day" HAVING sum("contributors") <> 0 OR sum("datasets") <> 0 ORDER BY "day"
  ON CONFLICT ("day") DO UPDATE SET "contributors" = "Statistic"."contributors" + EXCLUDED."contributors",
    "datasets" = "Statistic"."datasets" + EXCLUDED."datasets"\x3b
  RETURN NULL\x3b
END';

CREATE FUNCTION "statistic_datasets_removed"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Statistic" ("day", "contributors", "datasets")
  SELECT "day", sum("contributors"), sum("datasets") FROM (
    SELECT "time"::date AS "day", 0 AS "contributors", -1 AS "datasets" FROM removed
    UNION ALL SELECT f."after"::date, 1, 0 FROM (SELECT (SELECT d."time" FROM "Dataset" d
      WHERE d."owner" = o."owner" ORDER BY d."position" LIMIT 1) AS "after"
      FROM (SELECT DISTINCT "owner" FROM removed) o) f WHERE f."after" IS NOT NULL
    UNION ALL SELECT f."before"::date, -1, 0 FROM (SELECT (SELECT e."time" FROM (
        (SELECT d."position", d."time" FROM "Dataset" d WHERE d."owner" = o."owner" ORDER BY d."position" LIMIT 1)
        UNION ALL (SELECT r."position", r."time" FROM removed r WHERE r."owner" = o."owner")
      ) e ORDER BY e."position" LIMIT 1) AS "before"
      FROM (SELECT DISTINCT "owner" FROM removed) o) f
  ) changes GROUP BY "day" HAVING sum("contributors") <> 0 OR sum("datasets") <> 0 ORDER BY "day"
  ON CONFLICT ("day") DO UPDATE SET "contributors" = "Statistic"."contributors" + EXCLUDED."contributors",
    "datasets" = "Statistic"."datasets" + EXCLUDED."datasets"\x3b
  RETURN NULL\x3b
END';

CREATE FUNCTION "statistic_uses_added"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Statistic" ("day", "uses", "earned")
  SELECT s."time"::date, count(*), sum(u."amount") FROM added u JOIN "Settlement" s ON s."sequence" = u."sequence"
  GROUP BY 1 ORDER BY 1
  ON CONFLICT ("day") DO UPDATE SET "uses" = "Statistic"."uses" + EXCLUDED."uses",
    "earned" = "Statistic"."earned" + EXCLUDED."earned"\x3b
  RETURN NULL\x3b
END';

CREATE FUNCTION "statistic_uses_removed"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Statistic" ("day", "uses", "earned")
  SELECT s."time"::date, -count(*), -sum(u."amount") FROM removed u JOIN "Settlement" s ON s."sequence" = u."sequence"
  GROUP BY 1 ORDER BY 1
  ON CONFLICT ("day") DO UPDATE SET "uses" = "Statistic"."uses" + EXCLUDED."uses",
    "earned" = "Statistic"."earned" + EXCLUDED."earned"\x3b
  RETURN NULL\x3b
END';

-- The uses of a settlement that goes go first: their day is the settlement's.
CREATE FUNCTION "statistic_settlement_goes"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  DELETE FROM "Use" WHERE "sequence" = OLD."sequence"\x3b
  RETURN OLD\x3b
END';

CREATE FUNCTION "statistic_claims_added"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Statistic" ("day", "claimed")
  SELECT "time"::date, sum(("args" ->> ''amount'')::numeric) FROM added WHERE "name" = ''Claimed'' GROUP BY 1 ORDER BY 1
  ON CONFLICT ("day") DO UPDATE SET "claimed" = "Statistic"."claimed" + EXCLUDED."claimed"\x3b
  RETURN NULL\x3b
END';

CREATE FUNCTION "statistic_claims_removed"() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "Statistic" ("day", "claimed")
  SELECT "time"::date, -sum(("args" ->> ''amount'')::numeric) FROM removed WHERE "name" = ''Claimed'' GROUP BY 1 ORDER BY 1
  ON CONFLICT ("day") DO UPDATE SET "claimed" = "Statistic"."claimed" + EXCLUDED."claimed"\x3b
  RETURN NULL\x3b
END';

CREATE TRIGGER "Dataset_statistic_added" AFTER INSERT ON "Dataset"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "statistic_datasets_added"();
CREATE TRIGGER "Dataset_statistic_removed" AFTER DELETE ON "Dataset"
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "statistic_datasets_removed"();
CREATE TRIGGER "Use_statistic_added" AFTER INSERT ON "Use"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "statistic_uses_added"();
CREATE TRIGGER "Use_statistic_removed" AFTER DELETE ON "Use"
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "statistic_uses_removed"();
CREATE TRIGGER "Settlement_statistic_goes" BEFORE DELETE ON "Settlement"
  FOR EACH ROW EXECUTE FUNCTION "statistic_settlement_goes"();
CREATE TRIGGER "ChainEvent_statistic_added" AFTER INSERT ON "ChainEvent"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "statistic_claims_added"();
CREATE TRIGGER "ChainEvent_statistic_removed" AFTER DELETE ON "ChainEvent"
  REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION "statistic_claims_removed"();

-- What is there already.
INSERT INTO "Statistic" ("day", "contributors", "datasets", "uses", "earned", "claimed")
SELECT "day", sum("contributors"), sum("datasets"), sum("uses"), sum("earned"), sum("claimed") FROM (
  SELECT "time"::date AS "day", 0 AS "contributors", 1 AS "datasets", 0 AS "uses", 0 AS "earned", 0 AS "claimed" FROM "Dataset"
  UNION ALL SELECT f."time"::date, 1, 0, 0, 0, 0 FROM (
    SELECT DISTINCT ON ("owner") "time" FROM "Dataset" ORDER BY "owner", "position") f
  UNION ALL SELECT s."time"::date, 0, 0, 1, u."amount", 0 FROM "Use" u JOIN "Settlement" s ON s."sequence" = u."sequence"
  UNION ALL SELECT "time"::date, 0, 0, 0, 0, ("args" ->> 'amount')::numeric FROM "ChainEvent" WHERE "name" = 'Claimed'
) happened GROUP BY "day";
