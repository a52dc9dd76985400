from django.db import migrations

# A version is written once. While an agreement is signed, and afterwards, neither its text nor its
# parties nor its terms change; only before completion it may go back to the table. A signed
# amendment moves the last day of its original, and nothing else.
STAYS = """
CREATE FUNCTION agreements_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what the parties see stays as it is.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER agreements_version_stays BEFORE UPDATE OR DELETE ON agreements_version
    FOR EACH ROW EXECUTE FUNCTION agreements_refuse();
CREATE TRIGGER agreements_agreement_stays BEFORE UPDATE ON agreements_agreement
    FOR EACH ROW WHEN (
        OLD.frozen_id IS NOT NULL AND OLD.state <> 'draft' AND NEW.state <> 'draft' AND (
            (OLD.consortium_id, OLD.kind, OLD.number, OLD.title_zh, OLD.title_en, OLD.terms,
             OLD.frozen_id, OLD.check_code, OLD.amends_id, OLD.renews_id)
            IS DISTINCT FROM
            (NEW.consortium_id, NEW.kind, NEW.number, NEW.title_zh, NEW.title_en, NEW.terms,
             NEW.frozen_id, NEW.check_code, NEW.amends_id, NEW.renews_id)
            OR (OLD.state = 'signing' AND OLD.expires_on IS DISTINCT FROM NEW.expires_on)
        )
    ) EXECUTE FUNCTION agreements_refuse();

CREATE FUNCTION agreements_refuse_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END;
BEGIN
    PERFORM 1 FROM agreements_agreement
        WHERE id = key AND frozen_id IS NOT NULL AND state <> 'draft';
    IF FOUND THEN
        RAISE EXCEPTION '% of % is refused: the agreement is frozen.', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER agreements_party_stays BEFORE INSERT OR UPDATE OR DELETE ON agreements_party
    FOR EACH ROW EXECUTE FUNCTION agreements_refuse_frozen();
CREATE TRIGGER agreements_version_of_drafts BEFORE INSERT ON agreements_version
    FOR EACH ROW EXECUTE FUNCTION agreements_refuse_frozen();
"""
STAYS_NOT = """
DROP TRIGGER agreements_version_of_drafts ON agreements_version;
DROP TRIGGER agreements_party_stays ON agreements_party;
DROP FUNCTION agreements_refuse_frozen();
DROP TRIGGER agreements_agreement_stays ON agreements_agreement;
DROP TRIGGER agreements_version_stays ON agreements_version;
DROP FUNCTION agreements_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial")]
    operations = [migrations.RunSQL(STAYS, STAYS_NOT)]
