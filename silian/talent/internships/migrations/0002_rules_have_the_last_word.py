from django.db import migrations

# An internship begins as prepared. It stands (agreed, under way) only with a signed internship
# agreement, and only in a transaction that the rules let pass: the clearance is stamped with its
# number, so that no older one counts. Age and the unit's trade are looked at here once more.
GUARD = """
CREATE FUNCTION internships_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER internships_clearance_stamp BEFORE INSERT ON internships_clearance
    FOR EACH ROW EXECUTE FUNCTION internships_stamp();

CREATE FUNCTION internships_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    trade text;
    born date;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'prepared' THEN
            RAISE EXCEPTION 'An internship begins as prepared.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.state = 'finished' AND OLD.state NOT IN ('running', 'finished') THEN
        RAISE EXCEPTION 'Only what was under way is finished.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state NOT IN ('agreed', 'running') THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM agreements_agreement
        WHERE id = NEW.agreement_id AND kind = 'internship' AND state = 'signed';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'No signed agreement, no internship.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM 1 FROM internships_clearance WHERE internship_id = NEW.id
        AND transaction = pg_current_xact_id()::text::bigint;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'The rules have not let this internship pass.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT p.born_on INTO born FROM profiles_student s
        JOIN persons_person p ON p.id = s.person_id WHERE s.id = NEW.student_id;
    IF NEW.kind = 'post' AND born + interval '16 years' > NEW.starts_on THEN
        RAISE EXCEPTION 'Nobody under 16 takes a post internship.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT c.code INTO trade FROM members_organisation o
        JOIN codes_code c ON c.id = o.industry_id WHERE o.id = NEW.unit_id;
    IF trade LIKE '7262%' OR trade LIKE '7263%' THEN
        RAISE EXCEPTION 'Agencies and dispatch firms take no interns.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER internships_internship_guard BEFORE INSERT OR UPDATE ON internships_internship
    FOR EACH ROW EXECUTE FUNCTION internships_guard();
"""
GUARD_NOT = """
DROP TRIGGER internships_internship_guard ON internships_internship;
DROP FUNCTION internships_guard();
DROP TRIGGER internships_clearance_stamp ON internships_clearance;
DROP FUNCTION internships_stamp();
"""


class Migration(migrations.Migration):
    dependencies = [("internships", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, GUARD_NOT)]
