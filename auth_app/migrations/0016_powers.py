"""Let nobody hand out powers but who may call auth.hand_out_powers(): is_staff, is_superuser, groups, permissions.

Django writes every column of a user in each UPDATE, so that rights on columns can't do it. The triggers' function runs as
the schema's owner; whoever writes is the role that was set, or else the login.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# A right to have, and nothing to do: the ownership map withholds it, and a contract gives it to one service.
HAND_OUT = """
CREATE FUNCTION auth.hand_out_powers() RETURNS void
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT $$
"""
REFUSE = """
CREATE FUNCTION auth.refuse_powers() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    writer name := coalesce(nullif(current_setting('role'), 'none'), session_user);
BEGIN
    IF has_function_privilege(writer, 'auth.hand_out_powers()', 'EXECUTE') THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' AND TG_ARGV[0] = 'of a user' THEN
        IF NOT EXISTS (SELECT FROM auth."user" u WHERE u.id = OLD.user_id) THEN
            RETURN NULL; -- the account has gone, and what it held with it
        END IF;
    END IF;
    RAISE '% may not hand out powers: % refused on %', writer, lower(TG_OP), concat_ws(' of ',
        CASE TG_TABLE_NAME WHEN 'user' THEN 'is_staff and is_superuser' END, TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME
    )
        USING ERRCODE = 'insufficient_privilege',
            HINT = 'Do it in the admin site; who may, says the contract for auth.hand_out_powers() in the ownership map.';
END
$$
"""
FUNCTIONS = {"hand_out_powers()": HAND_OUT, "refuse_powers()": REFUSE}
# After the row is written: what other triggers made of it counts too.
TRIGGERS = {
    "user_first_powers": """AFTER INSERT ON auth."user" FOR EACH ROW
        WHEN (NEW.is_staff OR NEW.is_superuser) EXECUTE FUNCTION auth.refuse_powers()""",
    "user_changed_powers": """AFTER UPDATE ON auth."user" FOR EACH ROW
        WHEN ((OLD.is_staff, OLD.is_superuser) IS DISTINCT FROM (NEW.is_staff, NEW.is_superuser))
        EXECUTE FUNCTION auth.refuse_powers()""",
}
HELD_BY_A_USER = ("user_groups", "user_user_permissions")
# What a group and a permission mean is a power too.
MEANINGS = ("auth_group", "auth_group_permissions", "auth_permission", "django_content_type")
TRIGGERS |= {
    f"{table}_powers": f"AFTER INSERT OR UPDATE ON auth.{table} FOR EACH ROW EXECUTE FUNCTION auth.refuse_powers()"
    for table in HELD_BY_A_USER
}
TRIGGERS |= {
    f"{table}_powers": f"""AFTER INSERT OR UPDATE OR DELETE ON auth.{table} FOR EACH ROW
        EXECUTE FUNCTION auth.refuse_powers()"""
    for table in MEANINGS
}
# Django deletes what an account held just before the account: whether that has gone is known at the end.
LAST = {
    f"{table}_last_powers": f"""AFTER DELETE ON auth.{table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
        EXECUTE FUNCTION auth.refuse_powers('of a user')"""
    for table in HELD_BY_A_USER
}


def get_table(definition: str) -> str:
    """Give the table that a trigger's definition names."""
    return definition.split(" ON ", 1)[1].split()[0]


class Migration(migrations.Migration):
    dependencies = [
        ("auth_app", "0015_session_functions"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        *(
            operation
            for signature, create in FUNCTIONS.items()
            for operation in (
                RunPostgreSQL(create, f"DROP FUNCTION auth.{signature}"),
                RunPostgreSQL(f"REVOKE EXECUTE ON FUNCTION auth.{signature} FROM PUBLIC", ""),
            )
        ),
        *(
            RunPostgreSQL(f"CREATE {kind} {name} {definition}", f"DROP TRIGGER {name} ON {get_table(definition)}")
            for kind, triggers in (("TRIGGER", TRIGGERS), ("CONSTRAINT TRIGGER", LAST))
            for name, definition in triggers.items()
        ),
    ]
