-- Made by scripts/takeover.py from bc5918b: what that release leaves behind. Not to be edited.
--
-- PostgreSQL database cluster dump
--


SET default_transaction_read_only = off;

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

--
-- Roles
--

CREATE ROLE admin_rw;
ALTER ROLE admin_rw WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE all_rw;
ALTER ROLE all_rw WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE api_rw;
ALTER ROLE api_rw WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE app_owner;
ALTER ROLE app_owner WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE auth_owner;
ALTER ROLE auth_owner WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE master_owner;
ALTER ROLE master_owner WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE migrator;
ALTER ROLE migrator WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE web_rw;
ALTER ROLE web_rw WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;

--
-- User Configurations
--


--
-- Role memberships
--

GRANT admin_rw TO all_rw WITH INHERIT FALSE GRANTED BY postgres;
GRANT api_rw TO all_rw WITH INHERIT FALSE GRANTED BY postgres;
GRANT app_owner TO migrator WITH INHERIT FALSE GRANTED BY postgres;
GRANT auth_owner TO migrator WITH INHERIT FALSE GRANTED BY postgres;
GRANT master_owner TO migrator WITH INHERIT FALSE GRANTED BY postgres;
GRANT pg_read_all_stats TO migrator WITH INHERIT FALSE GRANTED BY postgres;
GRANT web_rw TO all_rw WITH INHERIT FALSE GRANTED BY postgres;





--
-- PostgreSQL database cluster dump complete
--

--
-- PostgreSQL database dump
--


-- Dumped from database version 18.4
-- Dumped by pg_dump version 18.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

DROP DATABASE IF EXISTS freehold;
--
-- Name: freehold; Type: DATABASE; Schema: -; Owner: postgres
--

CREATE DATABASE freehold WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = builtin LOCALE = 'C' BUILTIN_LOCALE = 'C.UTF-8';


ALTER DATABASE freehold OWNER TO postgres;

\connect freehold

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: freehold; Type: DATABASE PROPERTIES; Schema: -; Owner: postgres
--

ALTER ROLE admin_rw IN DATABASE freehold SET search_path TO 'public';
ALTER ROLE all_rw IN DATABASE freehold SET search_path TO 'public';
ALTER ROLE api_rw IN DATABASE freehold SET search_path TO 'app', 'public';
ALTER ROLE migrator IN DATABASE freehold SET search_path TO 'public';
ALTER ROLE web_rw IN DATABASE freehold SET search_path TO 'public', 'auth';


\connect freehold

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: app; Type: SCHEMA; Schema: -; Owner: app_owner
--

CREATE SCHEMA app;


ALTER SCHEMA app OWNER TO app_owner;

--
-- Name: SCHEMA app; Type: COMMENT; Schema: -; Owner: app_owner
--

COMMENT ON SCHEMA app IS 'what people make and keep';


--
-- Name: auth; Type: SCHEMA; Schema: -; Owner: auth_owner
--

CREATE SCHEMA auth;


ALTER SCHEMA auth OWNER TO auth_owner;

--
-- Name: SCHEMA auth; Type: COMMENT; Schema: -; Owner: auth_owner
--

COMMENT ON SCHEMA auth IS 'who people are: users, sessions, linked accounts';


--
-- Name: master; Type: SCHEMA; Schema: -; Owner: master_owner
--

CREATE SCHEMA master;


ALTER SCHEMA master OWNER TO master_owner;

--
-- Name: SCHEMA master; Type: COMMENT; Schema: -; Owner: master_owner
--

COMMENT ON SCHEMA master IS 'what everyone refers to: categories, locations';


--
-- Name: public; Type: SCHEMA; Schema: -; Owner: migrator
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO migrator;

--
-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: migrator
--

COMMENT ON SCHEMA public IS 'migration tracking, and nothing else';


--
-- Name: exists_tenant(uuid); Type: FUNCTION; Schema: app; Owner: app_owner
--

CREATE FUNCTION app.exists_tenant(tenant uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$ SELECT EXISTS (SELECT 1 FROM app.tenants AS t WHERE t.id = tenant) $$;


ALTER FUNCTION app.exists_tenant(tenant uuid) OWNER TO app_owner;

--
-- Name: list_tenants_of_user(text[]); Type: FUNCTION; Schema: app; Owner: app_owner
--

CREATE FUNCTION app.list_tenants_of_user(roles text[]) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT m.tenant_id
    FROM app.memberships AS m
    WHERE m.user_id = (SELECT nullif(current_setting('freehold.user_id', true), '')::uuid) AND m.role = ANY (roles)
$$;


ALTER FUNCTION app.list_tenants_of_user(roles text[]) OWNER TO app_owner;

--
-- Name: end_sessions(); Type: FUNCTION; Schema: auth; Owner: auth_owner
--

CREATE FUNCTION auth.end_sessions() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    DELETE FROM auth.session WHERE session.user_id = NEW.id;
    RETURN NULL;
END
$$;


ALTER FUNCTION auth.end_sessions() OWNER TO auth_owner;

--
-- Name: session_principal(text); Type: FUNCTION; Schema: auth; Owner: auth_owner
--

CREATE FUNCTION auth.session_principal(key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean) RETURNS SETOF record
    LANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT u.id, u.email::text, u.display_name::text, u.is_active, u.is_staff
    FROM auth.session s
    JOIN auth."user" u ON u.id = s.user_id
    WHERE s.session_key = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(key, 'UTF8')), 'hex') AND s.expire_date > pg_catalog.now() AND u.is_active
$$;


ALTER FUNCTION auth.session_principal(key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean) OWNER TO auth_owner;

--
-- Name: session_user(text); Type: FUNCTION; Schema: auth; Owner: auth_owner
--

CREATE FUNCTION auth."session_user"(digest text) RETURNS uuid
    LANGUAGE sql STABLE STRICT SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT u.id
    FROM auth.session s
    JOIN auth."user" u ON u.id = s.user_id
    WHERE s.session_key = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(digest, 'UTF8')), 'hex')
      AND s.expire_date > pg_catalog.now() AND u.is_active
$$;


ALTER FUNCTION auth."session_user"(digest text) OWNER TO auth_owner;

--
-- Name: refuse_history_change(); Type: FUNCTION; Schema: public; Owner: migrator
--

CREATE FUNCTION public.refuse_history_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RAISE EXCEPTION 'public.migration_history is append-only: % is refused', lower(TG_OP)
        USING ERRCODE = 'insufficient_privilege', HINT = 'manage.py history repair adds a row and changes none';
END
$$;


ALTER FUNCTION public.refuse_history_change() OWNER TO migrator;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: api_keys; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.api_keys (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    name character varying(150) NOT NULL,
    prefix character varying(16) NOT NULL,
    key_hash character varying(64) NOT NULL,
    scopes jsonb DEFAULT '[]'::jsonb NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT api_keys_expires_at_check CHECK ((expires_at > created_at)),
    CONSTRAINT api_keys_key_hash_check CHECK (((key_hash)::text ~ '^[0-9a-f]{64}\Z'::text)),
    CONSTRAINT api_keys_name_check CHECK (((NOT ((name)::text = ''::text)) AND (NOT ((prefix)::text = ''::text)))),
    CONSTRAINT api_keys_revoked_at_check CHECK ((revoked_at >= created_at)),
    CONSTRAINT api_keys_scopes_check CHECK ((jsonb_typeof(scopes) = 'array'::text))
);

ALTER TABLE ONLY app.api_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE app.api_keys OWNER TO app_owner;

--
-- Name: favorites; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.favorites (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    item_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);

ALTER TABLE ONLY app.favorites FORCE ROW LEVEL SECURITY;


ALTER TABLE app.favorites OWNER TO app_owner;

--
-- Name: item_images; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.item_images (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    item_id uuid NOT NULL,
    url character varying(2000) NOT NULL,
    alt character varying(300) DEFAULT ''::character varying NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT item_images_position_check CHECK (("position" >= 0)),
    CONSTRAINT item_images_url_check CHECK ((NOT ((url)::text = ''::text)))
);

ALTER TABLE ONLY app.item_images FORCE ROW LEVEL SECURITY;


ALTER TABLE app.item_images OWNER TO app_owner;

--
-- Name: items; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.items (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    category_id uuid NOT NULL,
    location_id uuid,
    name character varying(200) NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    price numeric(12,2) NOT NULL,
    currency character varying(3) DEFAULT 'EUR'::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT items_currency_check CHECK (((currency)::text ~ '^[A-Z]{3}\Z'::text)),
    CONSTRAINT items_name_check CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT items_price_check CHECK (((price >= (0)::numeric) AND (price <= 9999999999.99))),
    CONSTRAINT items_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY app.items FORCE ROW LEVEL SECURITY;


ALTER TABLE app.items OWNER TO app_owner;

--
-- Name: memberships; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.memberships (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role character varying(10) DEFAULT 'member'::character varying NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT memberships_role_check CHECK (((role)::text = ANY ((ARRAY['owner'::character varying, 'admin'::character varying, 'member'::character varying, 'viewer'::character varying])::text[])))
);

ALTER TABLE ONLY app.memberships FORCE ROW LEVEL SECURITY;


ALTER TABLE app.memberships OWNER TO app_owner;

--
-- Name: profiles; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.profiles (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    display_name character varying(150) DEFAULT ''::character varying NOT NULL,
    bio text DEFAULT ''::text NOT NULL,
    avatar_url character varying(2000) DEFAULT ''::character varying NOT NULL,
    locale character varying(12) DEFAULT 'en'::character varying NOT NULL,
    time_zone character varying(64) DEFAULT 'UTC'::character varying NOT NULL,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT profiles_locale_check CHECK (((locale)::text ~ '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\Z'::text)),
    CONSTRAINT profiles_preferences_check CHECK ((jsonb_typeof(preferences) = 'object'::text)),
    CONSTRAINT profiles_time_zone_check CHECK ((NOT ((time_zone)::text = ''::text)))
);

ALTER TABLE ONLY app.profiles FORCE ROW LEVEL SECURITY;


ALTER TABLE app.profiles OWNER TO app_owner;

--
-- Name: projects; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.projects (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    tenant_id uuid NOT NULL,
    name character varying(150) NOT NULL,
    slug character varying(80) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT projects_name_check CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT projects_slug_check CHECK (((slug)::text ~ '^[a-z0-9]+(-[a-z0-9]+)*\Z'::text))
);

ALTER TABLE ONLY app.projects FORCE ROW LEVEL SECURITY;


ALTER TABLE app.projects OWNER TO app_owner;

--
-- Name: runs; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.runs (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    project_id uuid NOT NULL,
    external_id character varying(200) NOT NULL,
    kind character varying(100) NOT NULL,
    status character varying(10) DEFAULT 'queued'::character varying NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT runs_final_check CHECK (((NOT ((finished_at IS NULL) AND ((status)::text = ANY ((ARRAY['succeeded'::character varying, 'failed'::character varying, 'cancelled'::character varying])::text[])))) AND (NOT ((finished_at IS NOT NULL) AND ((status)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[])))))),
    CONSTRAINT runs_finished_at_check CHECK ((finished_at >= started_at)),
    CONSTRAINT runs_kind_check CHECK (((NOT ((external_id)::text = ''::text)) AND (NOT ((kind)::text = ''::text)))),
    CONSTRAINT runs_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT runs_status_check CHECK (((status)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying, 'succeeded'::character varying, 'failed'::character varying, 'cancelled'::character varying])::text[]))),
    CONSTRAINT runs_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY app.runs FORCE ROW LEVEL SECURITY;


ALTER TABLE app.runs OWNER TO app_owner;

--
-- Name: tenants; Type: TABLE; Schema: app; Owner: app_owner
--

CREATE TABLE app.tenants (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name character varying(150) NOT NULL,
    slug character varying(80) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT tenants_name_check CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT tenants_slug_check CHECK (((slug)::text ~ '^[a-z0-9]+(-[a-z0-9]+)*\Z'::text))
);

ALTER TABLE ONLY app.tenants FORCE ROW LEVEL SECURITY;


ALTER TABLE app.tenants OWNER TO app_owner;

--
-- Name: auth_group; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);


ALTER TABLE auth.auth_group OWNER TO auth_owner;

--
-- Name: auth_group_id_seq; Type: SEQUENCE; Schema: auth; Owner: auth_owner
--

ALTER TABLE auth.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group_permissions; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);


ALTER TABLE auth.auth_group_permissions OWNER TO auth_owner;

--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE; Schema: auth; Owner: auth_owner
--

ALTER TABLE auth.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_permission; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);


ALTER TABLE auth.auth_permission OWNER TO auth_owner;

--
-- Name: auth_permission_id_seq; Type: SEQUENCE; Schema: auth; Owner: auth_owner
--

ALTER TABLE auth.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_admin_log; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id uuid NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);


ALTER TABLE auth.django_admin_log OWNER TO auth_owner;

--
-- Name: django_admin_log_id_seq; Type: SEQUENCE; Schema: auth; Owner: auth_owner
--

ALTER TABLE auth.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_content_type; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);


ALTER TABLE auth.django_content_type OWNER TO auth_owner;

--
-- Name: django_content_type_id_seq; Type: SEQUENCE; Schema: auth; Owner: auth_owner
--

ALTER TABLE auth.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: oauth_account; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.oauth_account (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    provider character varying(50) NOT NULL,
    subject character varying(255) NOT NULL,
    email character varying(254) DEFAULT ''::character varying NOT NULL,
    data jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    last_login_at timestamp with time zone,
    CONSTRAINT oauth_account_data_check CHECK ((jsonb_typeof(data) = 'object'::text)),
    CONSTRAINT oauth_account_subject_check CHECK (((NOT ((provider)::text = ''::text)) AND (NOT ((subject)::text = ''::text))))
);


ALTER TABLE auth.oauth_account OWNER TO auth_owner;

--
-- Name: phone_verifications; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.phone_verifications (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid,
    number character varying(16) NOT NULL,
    code_hash character varying(128) NOT NULL,
    purpose character varying(10) NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT phone_verif_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT phone_verif_expires_at_check CHECK ((expires_at > created_at)),
    CONSTRAINT phone_verif_number_check CHECK (((number)::text ~ '^\+[1-9][0-9]{6,14}\Z'::text)),
    CONSTRAINT phone_verif_purpose_check CHECK (((purpose)::text = ANY ((ARRAY['sign_in'::character varying, 'verify'::character varying, 'reset'::character varying])::text[]))),
    CONSTRAINT phone_verif_used_at_check CHECK ((used_at >= created_at))
);


ALTER TABLE auth.phone_verifications OWNER TO auth_owner;

--
-- Name: session; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.session (
    session_key character varying(64) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL,
    user_id uuid,
    ip_address inet,
    user_agent text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    last_seen_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL
);


ALTER TABLE auth.session OWNER TO auth_owner;

--
-- Name: user; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth."user" (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email character varying(254) NOT NULL,
    display_name character varying(150) DEFAULT ''::character varying NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    is_staff boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT user_email_check CHECK (((email)::text ~~ '%@%'::text))
);


ALTER TABLE auth."user" OWNER TO auth_owner;

--
-- Name: user_groups; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.user_groups (
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    group_id integer NOT NULL
);


ALTER TABLE auth.user_groups OWNER TO auth_owner;

--
-- Name: user_groups_id_seq; Type: SEQUENCE; Schema: auth; Owner: auth_owner
--

ALTER TABLE auth.user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth.user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: user_user_permissions; Type: TABLE; Schema: auth; Owner: auth_owner
--

CREATE TABLE auth.user_user_permissions (
    id bigint NOT NULL,
    user_id uuid NOT NULL,
    permission_id integer NOT NULL
);


ALTER TABLE auth.user_user_permissions OWNER TO auth_owner;

--
-- Name: user_user_permissions_id_seq; Type: SEQUENCE; Schema: auth; Owner: auth_owner
--

ALTER TABLE auth.user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME auth.user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: categories; Type: TABLE; Schema: master; Owner: master_owner
--

CREATE TABLE master.categories (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    parent_id uuid,
    name character varying(120) NOT NULL,
    slug character varying(120) NOT NULL,
    path character varying(500) NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT categories_name_check CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT categories_parent_check CHECK ((NOT ((parent_id = id) AND (parent_id IS NOT NULL)))),
    CONSTRAINT categories_path_check CHECK ((((parent_id IS NULL) AND ((path)::text = (slug)::text)) OR (("right"((path)::text, (length((slug)::text) + 1)) = (COALESCE('/'::text, ''::text) || (COALESCE(slug, ''::character varying))::text)) AND (parent_id IS NOT NULL)))),
    CONSTRAINT categories_position_check CHECK (("position" >= 0)),
    CONSTRAINT categories_slug_check CHECK (((slug)::text ~ '^[a-z0-9]+(-[a-z0-9]+)*\Z'::text))
);


ALTER TABLE master.categories OWNER TO master_owner;

--
-- Name: locations; Type: TABLE; Schema: master; Owner: master_owner
--

CREATE TABLE master.locations (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    city character varying(200) DEFAULT ''::character varying NOT NULL,
    region character varying(200) DEFAULT ''::character varying NOT NULL,
    country character varying(2) NOT NULL,
    country_name character varying(100) NOT NULL,
    latitude numeric(7,5),
    longitude numeric(8,5),
    population integer,
    slug character varying(200) NOT NULL,
    created_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    updated_at timestamp with time zone DEFAULT statement_timestamp() NOT NULL,
    CONSTRAINT locations_coordinates_check CHECK ((((latitude IS NOT NULL) AND (longitude IS NOT NULL)) OR (((city)::text = ''::text) AND (latitude IS NULL) AND (longitude IS NULL)))),
    CONSTRAINT locations_country_check CHECK ((((country)::text ~ '^[A-Z]{2}\Z'::text) AND (NOT ((country_name)::text = ''::text)))),
    CONSTRAINT locations_latitude_check CHECK (((latitude >= ('-90'::integer)::numeric) AND (latitude <= (90)::numeric))),
    CONSTRAINT locations_longitude_check CHECK (((longitude >= ('-180'::integer)::numeric) AND (longitude <= (180)::numeric))),
    CONSTRAINT locations_population_check CHECK ((population >= 0)),
    CONSTRAINT locations_region_check CHECK (((NOT ((city)::text = ''::text)) OR ((region)::text = ''::text))),
    CONSTRAINT locations_slug_check CHECK (((slug)::text ~ '^[a-z0-9]+(-[a-z0-9]+)*\Z'::text))
);


ALTER TABLE master.locations OWNER TO master_owner;

--
-- Name: canary; Type: TABLE; Schema: public; Owner: migrator
--

CREATE TABLE public.canary (
    message text NOT NULL
);

ALTER TABLE ONLY public.canary FORCE ROW LEVEL SECURITY;


ALTER TABLE public.canary OWNER TO migrator;

--
-- Name: django_migrations; Type: TABLE; Schema: public; Owner: migrator
--

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);


ALTER TABLE public.django_migrations OWNER TO migrator;

--
-- Name: django_migrations_id_seq; Type: SEQUENCE; Schema: public; Owner: migrator
--

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: migration_history; Type: TABLE; Schema: public; Owner: migrator
--

CREATE TABLE public.migration_history (
    id bigint NOT NULL,
    kind text NOT NULL,
    direction text NOT NULL,
    app text NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    owner_role text NOT NULL,
    login text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    duration interval NOT NULL,
    outcome text NOT NULL,
    code_version text NOT NULL,
    detail text NOT NULL,
    account text DEFAULT ''::text NOT NULL,
    checksum_before text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    sources jsonb,
    CONSTRAINT migration_history_end_check CHECK ((outcome = ANY (ARRAY['ok'::text, 'failed'::text, 'faked'::text, 'accepted'::text, 'part'::text]))),
    CONSTRAINT migration_history_kind_check CHECK ((kind = ANY (ARRAY['migrate'::text, 'seed'::text, 'history'::text]))),
    CONSTRAINT migration_history_way_check CHECK ((direction = ANY (ARRAY['up'::text, 'down'::text])))
);


ALTER TABLE public.migration_history OWNER TO migrator;

--
-- Name: migration_history_id_seq; Type: SEQUENCE; Schema: public; Owner: migrator
--

ALTER TABLE public.migration_history ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.migration_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Data for Name: api_keys; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.api_keys (id, project_id, name, prefix, key_hash, scopes, expires_at, last_used_at, revoked_at, created_at) FROM stdin;
\.


--
-- Data for Name: favorites; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.favorites (id, user_id, item_id, created_at) FROM stdin;
\.


--
-- Data for Name: item_images; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.item_images (id, item_id, url, alt, "position", created_at) FROM stdin;
\.


--
-- Data for Name: items; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.items (id, user_id, category_id, location_id, name, description, price, currency, is_active, version, created_at, updated_at) FROM stdin;
87c90b57-67c0-4bf7-8d35-471f2fc1f423	ef68054c-c878-421b-bdf1-d4d4148f9477	d35d4261-3955-83ac-b74a-7808c0690ed1	\N	Bicycle		10.00	EUR	t	3	2026-11-29 16:09:32.236641+00	2026-11-29 16:09:32.236895+00
\.


--
-- Data for Name: memberships; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.memberships (id, tenant_id, user_id, role, created_at) FROM stdin;
3e4e0777-53c6-49e1-90bf-60a5288e279b	787c43ba-39a5-439e-a27c-e46e46a827a9	ef68054c-c878-421b-bdf1-d4d4148f9477	owner	2026-11-29 16:09:32.240442+00
\.


--
-- Data for Name: profiles; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.profiles (id, user_id, display_name, bio, avatar_url, locale, time_zone, preferences, created_at, updated_at) FROM stdin;
4065e458-9659-4a95-8621-f68083a9b3f7	ef68054c-c878-421b-bdf1-d4d4148f9477				en	UTC	{}	2026-11-29 16:09:32.231608+00	2026-11-29 16:09:32.231897+00
\.


--
-- Data for Name: projects; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.projects (id, tenant_id, name, slug, created_at, updated_at) FROM stdin;
57bc9979-bbda-4a9d-8feb-73a1994bbafe	787c43ba-39a5-439e-a27c-e46e46a827a9	Web	web	2026-11-29 16:09:32.242139+00	2026-11-29 16:09:32.242291+00
\.


--
-- Data for Name: runs; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.runs (id, project_id, external_id, kind, status, started_at, finished_at, metadata, version, created_at, updated_at) FROM stdin;
0c2d87d7-2ae3-45f5-9be6-8967e46f8ff0	57bc9979-bbda-4a9d-8feb-73a1994bbafe	1	import	queued	\N	\N	{}	1	2026-11-29 16:09:32.243681+00	2026-11-29 16:09:32.243854+00
\.


--
-- Data for Name: tenants; Type: TABLE DATA; Schema: app; Owner: app_owner
--

COPY app.tenants (id, name, slug, created_at, updated_at) FROM stdin;
787c43ba-39a5-439e-a27c-e46e46a827a9	Acme	acme	2026-11-29 16:09:32.238952+00	2026-11-29 16:09:32.239116+00
\.


--
-- Data for Name: auth_group; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.auth_group (id, name) FROM stdin;
1	auth managers
2	master editors
3	app operators
4	auditors
\.


--
-- Data for Name: auth_group_permissions; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.auth_group_permissions (id, group_id, permission_id) FROM stdin;
1	1	5
2	1	6
3	1	7
4	1	8
5	1	9
6	1	10
7	1	11
8	1	12
9	1	13
10	1	14
11	1	15
12	1	16
13	1	17
14	1	18
15	1	19
16	1	20
17	1	21
18	1	22
19	1	23
20	1	24
21	1	25
22	1	26
23	1	27
24	1	28
25	1	29
26	1	30
27	1	31
28	1	32
29	1	33
30	1	34
31	1	35
32	1	36
33	2	37
34	2	38
35	2	39
36	2	40
37	2	41
38	2	42
39	2	43
40	2	44
41	3	24
42	3	40
43	3	44
44	3	45
45	3	46
46	3	47
47	3	48
48	3	49
49	3	50
50	3	51
51	3	52
52	3	53
53	3	54
54	3	55
55	3	56
56	3	57
57	3	58
58	3	59
59	3	60
60	3	61
61	3	62
62	3	63
63	3	64
64	3	65
65	3	66
66	3	67
67	3	68
68	3	69
69	3	70
70	3	71
71	3	72
72	3	73
73	3	74
74	3	75
75	3	76
76	3	77
77	3	78
78	3	79
79	3	80
80	4	4
81	4	8
82	4	12
83	4	16
84	4	20
85	4	24
86	4	28
87	4	32
88	4	36
89	4	40
90	4	44
91	4	48
92	4	52
93	4	56
94	4	60
95	4	64
96	4	68
97	4	72
98	4	76
99	4	80
\.


--
-- Data for Name: auth_permission; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.auth_permission (id, name, content_type_id, codename) FROM stdin;
1	Can add history entry	1	add_migrationhistory
2	Can change history entry	1	change_migrationhistory
3	Can delete history entry	1	delete_migrationhistory
4	Can view history entry	1	view_migrationhistory
5	Can add log entry	3	add_logentry
6	Can change log entry	3	change_logentry
7	Can delete log entry	3	delete_logentry
8	Can view log entry	3	view_logentry
9	Can add permission	4	add_permission
10	Can change permission	4	change_permission
11	Can delete permission	4	delete_permission
12	Can view permission	4	view_permission
13	Can add group	5	add_group
14	Can change group	5	change_group
15	Can delete group	5	delete_group
16	Can view group	5	view_group
17	Can add content type	6	add_contenttype
18	Can change content type	6	change_contenttype
19	Can delete content type	6	delete_contenttype
20	Can view content type	6	view_contenttype
21	Can add user	7	add_user
22	Can change user	7	change_user
23	Can delete user	7	delete_user
24	Can view user	7	view_user
25	Can add session	8	add_session
26	Can change session	8	change_session
27	Can delete session	8	delete_session
28	Can view session	8	view_session
29	Can add OAuth account	9	add_oauthaccount
30	Can change OAuth account	9	change_oauthaccount
31	Can delete OAuth account	9	delete_oauthaccount
32	Can view OAuth account	9	view_oauthaccount
33	Can add phone verification	10	add_phoneverification
34	Can change phone verification	10	change_phoneverification
35	Can delete phone verification	10	delete_phoneverification
36	Can view phone verification	10	view_phoneverification
37	Can add category	11	add_category
38	Can change category	11	change_category
39	Can delete category	11	delete_category
40	Can view category	11	view_category
41	Can add location	12	add_location
42	Can change location	12	change_location
43	Can delete location	12	delete_location
44	Can view location	12	view_location
45	Can add item	13	add_item
46	Can change item	13	change_item
47	Can delete item	13	delete_item
48	Can view item	13	view_item
49	Can add item image	14	add_itemimage
50	Can change item image	14	change_itemimage
51	Can delete item image	14	delete_itemimage
52	Can view item image	14	view_itemimage
53	Can add favorite	15	add_favorite
54	Can change favorite	15	change_favorite
55	Can delete favorite	15	delete_favorite
56	Can view favorite	15	view_favorite
57	Can add profile	16	add_profile
58	Can change profile	16	change_profile
59	Can delete profile	16	delete_profile
60	Can view profile	16	view_profile
61	Can add tenant	17	add_tenant
62	Can change tenant	17	change_tenant
63	Can delete tenant	17	delete_tenant
64	Can view tenant	17	view_tenant
65	Can add membership	18	add_membership
66	Can change membership	18	change_membership
67	Can delete membership	18	delete_membership
68	Can view membership	18	view_membership
69	Can add project	19	add_project
70	Can change project	19	change_project
71	Can delete project	19	delete_project
72	Can view project	19	view_project
73	Can add API key	20	add_apikey
74	Can change API key	20	change_apikey
75	Can delete API key	20	delete_apikey
76	Can view API key	20	view_apikey
77	Can add run	21	add_run
78	Can change run	21	change_run
79	Can delete run	21	delete_run
80	Can view run	21	view_run
\.


--
-- Data for Name: django_admin_log; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.django_admin_log (id, action_time, object_id, object_repr, action_flag, change_message, content_type_id, user_id) FROM stdin;
\.


--
-- Data for Name: django_content_type; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.django_content_type (id, app_label, model) FROM stdin;
1	freehold	migrationhistory
2	freehold	canary
3	admin	logentry
4	auth	permission
5	auth	group
6	contenttypes	contenttype
7	auth_app	user
8	auth_app	session
9	auth_app	oauthaccount
10	auth_app	phoneverification
11	master	category
12	master	location
13	items	item
14	items	itemimage
15	items	favorite
16	profile	profile
17	tenancy	tenant
18	tenancy	membership
19	tenancy	project
20	tenancy	apikey
21	runs	run
\.


--
-- Data for Name: oauth_account; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.oauth_account (id, user_id, provider, subject, email, data, created_at, last_login_at) FROM stdin;
\.


--
-- Data for Name: phone_verifications; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.phone_verifications (id, user_id, number, code_hash, purpose, attempts, expires_at, used_at, created_at) FROM stdin;
\.


--
-- Data for Name: session; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.session (session_key, session_data, expire_date, user_id, ip_address, user_agent, created_at, last_seen_at) FROM stdin;
\.


--
-- Data for Name: user; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth."user" (password, last_login, is_superuser, id, email, display_name, is_active, is_staff, created_at, updated_at) FROM stdin;
!	\N	f	ef68054c-c878-421b-bdf1-d4d4148f9477	somebody@example.org		t	f	2026-11-29 16:09:32.18154+00	2026-11-29 16:09:32.228501+00
\.


--
-- Data for Name: user_groups; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.user_groups (id, user_id, group_id) FROM stdin;
\.


--
-- Data for Name: user_user_permissions; Type: TABLE DATA; Schema: auth; Owner: auth_owner
--

COPY auth.user_user_permissions (id, user_id, permission_id) FROM stdin;
\.


--
-- Data for Name: categories; Type: TABLE DATA; Schema: master; Owner: master_owner
--

COPY master.categories (id, parent_id, name, slug, path, "position", created_at, updated_at) FROM stdin;
d35d4261-3955-81c7-80fa-e4f0adaf5b80	\N	Electronics	electronics	electronics	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-869f-b79b-71e2d5f95b38	d35d4261-3955-81c7-80fa-e4f0adaf5b80	Phones	phones	electronics/phones	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-867d-a2aa-941e1d1873c0	d35d4261-3955-869f-b79b-71e2d5f95b38	Android Phones	android	electronics/phones/android	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8800-af8a-de040fc2d164	d35d4261-3955-869f-b79b-71e2d5f95b38	iPhones	iphone	electronics/phones/iphone	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-84b5-99d3-fdb466511c6e	d35d4261-3955-869f-b79b-71e2d5f95b38	Classic Phones	classic	electronics/phones/classic	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86ad-82b2-1786656e46d3	d35d4261-3955-869f-b79b-71e2d5f95b38	Phone Cases	cases	electronics/phones/cases	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83bf-b011-47e25052a16c	d35d4261-3955-869f-b79b-71e2d5f95b38	Chargers and Cables	chargers	electronics/phones/chargers	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8335-86ac-0f6d39123d00	d35d4261-3955-869f-b79b-71e2d5f95b38	Landline Phones	landline	electronics/phones/landline	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c9e-b479-dfe6920df56b	d35d4261-3955-81c7-80fa-e4f0adaf5b80	Computers	computers	electronics/computers	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82b9-84ab-d80a74bf2d0d	d35d4261-3955-8c9e-b479-dfe6920df56b	Laptops	laptops	electronics/computers/laptops	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-843c-9c24-feb54e75a666	d35d4261-3955-8c9e-b479-dfe6920df56b	Desktops	desktops	electronics/computers/desktops	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8580-9efa-e789e4652171	d35d4261-3955-8c9e-b479-dfe6920df56b	Tablets	tablets	electronics/computers/tablets	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f48-8845-73745172eba3	d35d4261-3955-8c9e-b479-dfe6920df56b	Monitors	monitors	electronics/computers/monitors	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-876a-9720-130421535b04	d35d4261-3955-8c9e-b479-dfe6920df56b	Keyboards and Mice	keyboards	electronics/computers/keyboards	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82da-af8f-80e7beae1429	d35d4261-3955-8c9e-b479-dfe6920df56b	Printers and Scanners	printers	electronics/computers/printers	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ef0-bcf9-6a422472d452	d35d4261-3955-8c9e-b479-dfe6920df56b	Hard Disks and Memory	storage	electronics/computers/storage	7	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8841-9d1d-953eb7f41184	d35d4261-3955-8c9e-b479-dfe6920df56b	Networking	networking	electronics/computers/networking	8	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c20-937e-58bcf069ed54	d35d4261-3955-8c9e-b479-dfe6920df56b	Computer Parts	parts	electronics/computers/parts	9	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8480-b03b-c663f64d2fe1	d35d4261-3955-81c7-80fa-e4f0adaf5b80	Audio	audio	electronics/audio	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8709-a5c0-2ba644a3464d	d35d4261-3955-8480-b03b-c663f64d2fe1	Headphones	headphones	electronics/audio/headphones	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8280-ae17-26f10a8a398a	d35d4261-3955-8480-b03b-c663f64d2fe1	Loudspeakers	speakers	electronics/audio/speakers	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-81f0-abf4-a553da5a6234	d35d4261-3955-8480-b03b-c663f64d2fe1	Amplifiers	amplifiers	electronics/audio/amplifiers	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e6e-b199-7f5be1d3811b	d35d4261-3955-8480-b03b-c663f64d2fe1	Turntables	turntables	electronics/audio/turntables	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8864-bb2f-523301c24fe8	d35d4261-3955-8480-b03b-c663f64d2fe1	Radios	radios	electronics/audio/radios	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d75-b253-731d8e21612c	d35d4261-3955-81c7-80fa-e4f0adaf5b80	TV and Video	tv	electronics/tv	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8fe2-bf84-eadb843e640f	d35d4261-3955-8d75-b253-731d8e21612c	Televisions	televisions	electronics/tv/televisions	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8796-83c8-f1cb7e02f986	d35d4261-3955-8d75-b253-731d8e21612c	Projectors	projectors	electronics/tv/projectors	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8282-a96c-52275a647c96	d35d4261-3955-8d75-b253-731d8e21612c	Streaming Devices	streaming	electronics/tv/streaming	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8964-9450-cf95dcac115a	d35d4261-3955-8d75-b253-731d8e21612c	Disc Players	disc-players	electronics/tv/disc-players	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ab6-80cf-38c9537be786	d35d4261-3955-81c7-80fa-e4f0adaf5b80	Cameras	cameras	electronics/cameras	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c44-968b-ef616c40ee67	d35d4261-3955-8ab6-80cf-38c9537be786	Digital Cameras	digital	electronics/cameras/digital	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8459-956e-c578d582dc66	d35d4261-3955-8ab6-80cf-38c9537be786	Film Cameras	film	electronics/cameras/film	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-890f-a72f-62d9a59c2e72	d35d4261-3955-8ab6-80cf-38c9537be786	Lenses	lenses	electronics/cameras/lenses	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c44-80b7-b9907bf56476	d35d4261-3955-8ab6-80cf-38c9537be786	Tripods	tripods	electronics/cameras/tripods	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8169-a03b-49b5337792ac	d35d4261-3955-8ab6-80cf-38c9537be786	Drones	drones	electronics/cameras/drones	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83b3-838e-0da14b62b112	d35d4261-3955-81c7-80fa-e4f0adaf5b80	Games and Consoles	gaming	electronics/gaming	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89f1-903f-e7cccdd33ded	d35d4261-3955-83b3-838e-0da14b62b112	Consoles	consoles	electronics/gaming/consoles	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-875d-aede-4643b44a0332	d35d4261-3955-83b3-838e-0da14b62b112	Video Games	games	electronics/gaming/games	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8dc8-a4cf-500e5340851e	d35d4261-3955-83b3-838e-0da14b62b112	Controllers	controllers	electronics/gaming/controllers	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8753-91a1-9d844158cfd8	d35d4261-3955-83b3-838e-0da14b62b112	Retro Consoles	retro	electronics/gaming/retro	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f06-9f66-685cb5bf0cef	d35d4261-3955-81c7-80fa-e4f0adaf5b80	Smart Devices	smart	electronics/smart	7	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88f7-adba-896e3d0a0710	d35d4261-3955-8f06-9f66-685cb5bf0cef	Smart Watches	watches	electronics/smart/watches	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a4b-84c8-8969c678e9af	d35d4261-3955-8f06-9f66-685cb5bf0cef	Fitness Trackers	trackers	electronics/smart/trackers	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c70-a121-e2cb00fd2b34	d35d4261-3955-8f06-9f66-685cb5bf0cef	Smart Home	home	electronics/smart/home	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e7c-ba43-27a42885898b	\N	Home and Garden	home	home	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-87a1-8a10-e1e94e99fd30	d35d4261-3955-8e7c-ba43-27a42885898b	Furniture	furniture	home/furniture	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ff3-8d32-d75c94ee817b	d35d4261-3955-87a1-8a10-e1e94e99fd30	Sofas and Armchairs	sofas	home/furniture/sofas	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8128-8562-f9c60f938a49	d35d4261-3955-87a1-8a10-e1e94e99fd30	Tables	tables	home/furniture/tables	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88f5-bd9b-8e76a7e96baa	d35d4261-3955-87a1-8a10-e1e94e99fd30	Chairs	chairs	home/furniture/chairs	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ee0-89b3-511186e505ef	d35d4261-3955-87a1-8a10-e1e94e99fd30	Beds and Mattresses	beds	home/furniture/beds	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-81e5-b067-c7d72a87e061	d35d4261-3955-87a1-8a10-e1e94e99fd30	Wardrobes	wardrobes	home/furniture/wardrobes	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8fca-afda-f28877c308ee	d35d4261-3955-87a1-8a10-e1e94e99fd30	Shelves	shelves	home/furniture/shelves	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80b4-b4a4-c8188e93c8d0	d35d4261-3955-87a1-8a10-e1e94e99fd30	Desks	desks	home/furniture/desks	7	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8345-a959-d3b3d903ebf4	d35d4261-3955-87a1-8a10-e1e94e99fd30	Office Chairs	office-chairs	home/furniture/office-chairs	8	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a27-8a77-22b04a41b8a0	d35d4261-3955-8e7c-ba43-27a42885898b	Kitchen	kitchen	home/kitchen	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-850b-880e-cffee0e55e26	d35d4261-3955-8a27-8a77-22b04a41b8a0	Cookware	cookware	home/kitchen/cookware	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-811f-875e-6fbc589e171d	d35d4261-3955-8a27-8a77-22b04a41b8a0	Tableware	tableware	home/kitchen/tableware	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ed1-b5ba-4cdf626cb9ef	d35d4261-3955-8a27-8a77-22b04a41b8a0	Coffee Machines	coffee	home/kitchen/coffee	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-838d-a127-387d5634cb98	d35d4261-3955-8a27-8a77-22b04a41b8a0	Small Appliances	small-appliances	home/kitchen/small-appliances	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b0c-98a4-540edc410c1b	d35d4261-3955-8a27-8a77-22b04a41b8a0	Knives	knives	home/kitchen/knives	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-87bb-a0fa-9e8a2591dec1	d35d4261-3955-8e7c-ba43-27a42885898b	Large Appliances	appliances	home/appliances	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8285-9dfa-5eb53513608f	d35d4261-3955-87bb-a0fa-9e8a2591dec1	Fridges and Freezers	fridges	home/appliances/fridges	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8975-9f45-dde884624981	d35d4261-3955-87bb-a0fa-9e8a2591dec1	Washing Machines	washing-machines	home/appliances/washing-machines	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89d1-90f5-e5b093bd3994	d35d4261-3955-87bb-a0fa-9e8a2591dec1	Dishwashers	dishwashers	home/appliances/dishwashers	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-836e-9cb6-fa4bc15d2f91	d35d4261-3955-87bb-a0fa-9e8a2591dec1	Ovens and Hobs	ovens	home/appliances/ovens	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b56-ab6a-2c47d549ff98	d35d4261-3955-87bb-a0fa-9e8a2591dec1	Vacuum Cleaners	vacuum-cleaners	home/appliances/vacuum-cleaners	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ab8-83a1-3ebf11614bf5	d35d4261-3955-8e7c-ba43-27a42885898b	Decoration	decoration	home/decoration	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-85a8-97c6-5b6b07cc9f09	d35d4261-3955-8ab8-83a1-3ebf11614bf5	Lamps	lamps	home/decoration/lamps	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e10-92cb-e3f9515ca498	d35d4261-3955-8ab8-83a1-3ebf11614bf5	Rugs	rugs	home/decoration/rugs	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e6f-83db-cad9e9e2f208	d35d4261-3955-8ab8-83a1-3ebf11614bf5	Curtains	curtains	home/decoration/curtains	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-883e-a41a-df01b9565da6	d35d4261-3955-8ab8-83a1-3ebf11614bf5	Mirrors	mirrors	home/decoration/mirrors	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-820f-8e77-3c13f040eb89	d35d4261-3955-8ab8-83a1-3ebf11614bf5	Pictures and Frames	pictures	home/decoration/pictures	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-808f-bb62-600298dcac5d	d35d4261-3955-8ab8-83a1-3ebf11614bf5	Vases	vases	home/decoration/vases	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d67-a13a-bbb88a5460e1	d35d4261-3955-8e7c-ba43-27a42885898b	Garden	garden	home/garden	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e8b-956c-c51a8674ae1a	d35d4261-3955-8d67-a13a-bbb88a5460e1	Plants	plants	home/garden/plants	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8759-8f30-404924a15a24	d35d4261-3955-8d67-a13a-bbb88a5460e1	Garden Furniture	furniture	home/garden/furniture	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-85fc-a9b5-4ca20e8165ff	d35d4261-3955-8d67-a13a-bbb88a5460e1	Lawn Mowers	lawn-mowers	home/garden/lawn-mowers	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a4f-a7b7-5916998ec460	d35d4261-3955-8d67-a13a-bbb88a5460e1	Barbecues	barbecues	home/garden/barbecues	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8173-b53a-9d422f2efffd	d35d4261-3955-8d67-a13a-bbb88a5460e1	Garden Tools	tools	home/garden/tools	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8292-bef3-4639b678a6a3	d35d4261-3955-8e7c-ba43-27a42885898b	Tools and Building	tools	home/tools	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-868f-9b5e-739b9a206f49	d35d4261-3955-8292-bef3-4639b678a6a3	Power Tools	power-tools	home/tools/power-tools	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-87be-8271-d25f50c35ffc	d35d4261-3955-8292-bef3-4639b678a6a3	Hand Tools	hand-tools	home/tools/hand-tools	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8fe4-b98e-f9589fec2e1a	d35d4261-3955-8292-bef3-4639b678a6a3	Paint	paint	home/tools/paint	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-805b-b0e4-bccfb4c5ccee	d35d4261-3955-8292-bef3-4639b678a6a3	Timber and Tiles	materials	home/tools/materials	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8fc5-b68f-8f96f4397736	d35d4261-3955-8292-bef3-4639b678a6a3	Doors and Windows	doors	home/tools/doors	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86a8-baaf-9b7ca814efcb	d35d4261-3955-8e7c-ba43-27a42885898b	Bed and Bath	bed-bath	home/bed-bath	7	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8aa9-9602-fe73de4ae446	d35d4261-3955-86a8-baaf-9b7ca814efcb	Bed Linen	bed-linen	home/bed-bath/bed-linen	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8737-82bb-98719d64d32c	d35d4261-3955-86a8-baaf-9b7ca814efcb	Towels	towels	home/bed-bath/towels	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-882b-bcf3-849b9679cd02	d35d4261-3955-86a8-baaf-9b7ca814efcb	Bathroom Fittings	fittings	home/bed-bath/fittings	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d80-b898-574d638b9a30	\N	Vehicles	vehicles	vehicles	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-81d8-8f34-8437fffed211	d35d4261-3955-8d80-b898-574d638b9a30	Cars	cars	vehicles/cars	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f18-9dfb-68bfcecf3073	d35d4261-3955-81d8-8f34-8437fffed211	Small Cars	small	vehicles/cars/small	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-85f8-b2dd-16b0d90f979f	d35d4261-3955-81d8-8f34-8437fffed211	Estates	estates	vehicles/cars/estates	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8386-9541-5cc4e663a32a	d35d4261-3955-81d8-8f34-8437fffed211	Saloons	saloons	vehicles/cars/saloons	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8664-bcea-fa1fb56e4d54	d35d4261-3955-81d8-8f34-8437fffed211	SUVs	suvs	vehicles/cars/suvs	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d9c-a4fc-0b9a136498cb	d35d4261-3955-81d8-8f34-8437fffed211	Electric Cars	electric	vehicles/cars/electric	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8087-93ee-b8ca53ba10ae	d35d4261-3955-81d8-8f34-8437fffed211	Classic Cars	classic	vehicles/cars/classic	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8697-aaba-6e603bea32f8	d35d4261-3955-8d80-b898-574d638b9a30	Motorcycles	motorcycles	vehicles/motorcycles	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8845-af31-dbf51af7e37f	d35d4261-3955-8697-aaba-6e603bea32f8	Scooters	scooters	vehicles/motorcycles/scooters	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8bc5-9f8a-040de8cf4f24	d35d4261-3955-8697-aaba-6e603bea32f8	Touring	touring	vehicles/motorcycles/touring	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8178-99d4-bc59caacfaec	d35d4261-3955-8697-aaba-6e603bea32f8	Sports Bikes	sports	vehicles/motorcycles/sports	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8270-90d4-0c01ad35ff37	d35d4261-3955-8697-aaba-6e603bea32f8	Off-road	off-road	vehicles/motorcycles/off-road	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-852e-aa0f-74e73c8de70c	d35d4261-3955-8d80-b898-574d638b9a30	Bicycles	bicycles	vehicles/bicycles	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-807a-88ec-1823e32bab77	d35d4261-3955-852e-aa0f-74e73c8de70c	City Bikes	city	vehicles/bicycles/city	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8bbf-971d-7d2759eff5c8	d35d4261-3955-852e-aa0f-74e73c8de70c	Road Bikes	road	vehicles/bicycles/road	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-87e8-83bc-0d1ae49f5bf1	d35d4261-3955-852e-aa0f-74e73c8de70c	Mountain Bikes	mountain	vehicles/bicycles/mountain	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88ed-920a-b310d05ee403	d35d4261-3955-852e-aa0f-74e73c8de70c	Electric Bikes	electric	vehicles/bicycles/electric	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-84ed-b8b8-fcf6f0fa536d	d35d4261-3955-852e-aa0f-74e73c8de70c	Cargo Bikes	cargo	vehicles/bicycles/cargo	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8512-88ea-d495c97f1d9f	d35d4261-3955-852e-aa0f-74e73c8de70c	Children's Bikes	children	vehicles/bicycles/children	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82e1-a981-e902425ead53	d35d4261-3955-8d80-b898-574d638b9a30	Vans and Caravans	vans	vehicles/vans	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f8c-9faf-5db3e1b9507a	d35d4261-3955-82e1-a981-e902425ead53	Vans	vans	vehicles/vans/vans	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8067-8763-2b65d11677c3	d35d4261-3955-82e1-a981-e902425ead53	Motorhomes	motorhomes	vehicles/vans/motorhomes	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d9c-8bac-e23d50fa145d	d35d4261-3955-82e1-a981-e902425ead53	Caravans	caravans	vehicles/vans/caravans	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-81bf-8306-6e8839696352	d35d4261-3955-82e1-a981-e902425ead53	Trailers	trailers	vehicles/vans/trailers	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8342-8486-e2fbec8c0f2c	d35d4261-3955-8d80-b898-574d638b9a30	Boats	boats	vehicles/boats	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8aa4-bf2d-e6cb40d37a9b	d35d4261-3955-8342-8486-e2fbec8c0f2c	Sailing Boats	sailing	vehicles/boats/sailing	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-814f-81ba-e72010d71c55	d35d4261-3955-8342-8486-e2fbec8c0f2c	Motor Boats	motor	vehicles/boats/motor	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c46-af59-51df2129200c	d35d4261-3955-8342-8486-e2fbec8c0f2c	Canoes and Kayaks	canoes	vehicles/boats/canoes	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8de5-95f7-0389c79512b6	d35d4261-3955-8d80-b898-574d638b9a30	Parts and Accessories	parts	vehicles/parts	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8936-b12b-d8954471377d	d35d4261-3955-8de5-95f7-0389c79512b6	Tyres and Wheels	tyres	vehicles/parts/tyres	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ec5-9345-ef5e41765609	d35d4261-3955-8de5-95f7-0389c79512b6	Car Parts	car-parts	vehicles/parts/car-parts	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82cb-bd19-8e4fb0489bc2	d35d4261-3955-8de5-95f7-0389c79512b6	Motorcycle Parts	motorcycle-parts	vehicles/parts/motorcycle-parts	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e4b-a4d3-a19f177657de	d35d4261-3955-8de5-95f7-0389c79512b6	Bicycle Parts	bicycle-parts	vehicles/parts/bicycle-parts	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82b9-978e-0bf7bfb5c714	d35d4261-3955-8de5-95f7-0389c79512b6	Roof Boxes	roof-boxes	vehicles/parts/roof-boxes	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8246-b69a-01609754c613	d35d4261-3955-8de5-95f7-0389c79512b6	Car Audio	car-audio	vehicles/parts/car-audio	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8abb-9921-5c6195a63fd8	\N	Fashion	fashion	fashion	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8319-8565-7ca3b285b8b6	d35d4261-3955-8abb-9921-5c6195a63fd8	Women	women	fashion/women	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8800-9ec6-6c756c79d09b	d35d4261-3955-8319-8565-7ca3b285b8b6	Dresses	dresses	fashion/women/dresses	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b1c-af05-53c9e60ebb0a	d35d4261-3955-8319-8565-7ca3b285b8b6	Tops	tops	fashion/women/tops	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86d2-8f49-0e502fd35770	d35d4261-3955-8319-8565-7ca3b285b8b6	Trousers	trousers	fashion/women/trousers	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89f0-9a14-05c8254b8e22	d35d4261-3955-8319-8565-7ca3b285b8b6	Coats and Jackets	coats	fashion/women/coats	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8530-bc47-9fd7a940b8eb	d35d4261-3955-8319-8565-7ca3b285b8b6	Shoes	shoes	fashion/women/shoes	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8407-b545-a05051f8b756	d35d4261-3955-8319-8565-7ca3b285b8b6	Knitwear	knitwear	fashion/women/knitwear	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8aa0-9a14-9f5ba03316fc	d35d4261-3955-8abb-9921-5c6195a63fd8	Men	men	fashion/men	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8678-bd22-06484e6d0760	d35d4261-3955-8aa0-9a14-9f5ba03316fc	Shirts	shirts	fashion/men/shirts	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a60-ada3-0da78ea09541	d35d4261-3955-8aa0-9a14-9f5ba03316fc	Suits	suits	fashion/men/suits	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89c8-85c3-4bc3574b3e24	d35d4261-3955-8aa0-9a14-9f5ba03316fc	Trousers	trousers	fashion/men/trousers	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-87e5-a19f-8def98379235	d35d4261-3955-8aa0-9a14-9f5ba03316fc	Coats and Jackets	coats	fashion/men/coats	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ad8-8a93-f0c5966cfb69	d35d4261-3955-8aa0-9a14-9f5ba03316fc	Shoes	shoes	fashion/men/shoes	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ccf-9ce4-03bcb4bd2222	d35d4261-3955-8aa0-9a14-9f5ba03316fc	Knitwear	knitwear	fashion/men/knitwear	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-862c-9ec9-7d14fc8fd825	d35d4261-3955-8abb-9921-5c6195a63fd8	Bags and Luggage	bags	fashion/bags	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f2f-ad4c-d29779bacda8	d35d4261-3955-862c-9ec9-7d14fc8fd825	Handbags	handbags	fashion/bags/handbags	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-886c-9c3f-51eceea2948c	d35d4261-3955-862c-9ec9-7d14fc8fd825	Backpacks	backpacks	fashion/bags/backpacks	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d2b-88cd-0625fd02aa74	d35d4261-3955-862c-9ec9-7d14fc8fd825	Suitcases	suitcases	fashion/bags/suitcases	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86e4-a69f-9c061796b8ea	d35d4261-3955-862c-9ec9-7d14fc8fd825	Wallets	wallets	fashion/bags/wallets	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8689-8199-81b655497a2d	d35d4261-3955-8abb-9921-5c6195a63fd8	Jewellery and Watches	jewellery	fashion/jewellery	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-836e-8a8c-bc540c397e5b	d35d4261-3955-8689-8199-81b655497a2d	Rings	rings	fashion/jewellery/rings	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f74-be19-334900608b96	d35d4261-3955-8689-8199-81b655497a2d	Necklaces	necklaces	fashion/jewellery/necklaces	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89c6-8fc2-787d949e6c86	d35d4261-3955-8689-8199-81b655497a2d	Earrings	earrings	fashion/jewellery/earrings	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8182-ad94-c0d04d2d1dcb	d35d4261-3955-8689-8199-81b655497a2d	Wristwatches	wristwatches	fashion/jewellery/wristwatches	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8bac-b6f1-134896e09479	d35d4261-3955-8abb-9921-5c6195a63fd8	Accessories	accessories	fashion/accessories	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e2f-8dec-8175e840e39e	d35d4261-3955-8bac-b6f1-134896e09479	Hats	hats	fashion/accessories/hats	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8845-868e-7c531414b8d4	d35d4261-3955-8bac-b6f1-134896e09479	Scarves	scarves	fashion/accessories/scarves	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8644-9fea-166b33062c4c	d35d4261-3955-8bac-b6f1-134896e09479	Belts	belts	fashion/accessories/belts	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8480-8e8e-1285bda0a81e	d35d4261-3955-8bac-b6f1-134896e09479	Sunglasses	sunglasses	fashion/accessories/sunglasses	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8016-91ef-89afdb8efea6	d35d4261-3955-8abb-9921-5c6195a63fd8	Traditional Dress	traditional	fashion/traditional	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88ab-ac5e-7bc7085f70f6	d35d4261-3955-8016-91ef-89afdb8efea6	Saris	saris	fashion/traditional/saris	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-85a8-af22-1ad634989e5c	d35d4261-3955-8016-91ef-89afdb8efea6	Kimonos	kimonos	fashion/traditional/kimonos	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e87-bbaf-e29c9f40d171	d35d4261-3955-8016-91ef-89afdb8efea6	Kilts	kilts	fashion/traditional/kilts	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a7b-bba0-c761d984250c	\N	Sports and Outdoors	sports	sports	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82a7-961a-3e152bf01d99	d35d4261-3955-8a7b-bba0-c761d984250c	Team Sports	team	sports/team	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e33-a545-a4aa03e58bd7	d35d4261-3955-82a7-961a-3e152bf01d99	Football	football	sports/team/football	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c18-9184-7502376fd334	d35d4261-3955-82a7-961a-3e152bf01d99	Basketball	basketball	sports/team/basketball	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-876d-8190-b8ebe0e8c400	d35d4261-3955-82a7-961a-3e152bf01d99	Volleyball	volleyball	sports/team/volleyball	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80be-bd1e-393763552392	d35d4261-3955-82a7-961a-3e152bf01d99	Cricket	cricket	sports/team/cricket	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-87ed-9f77-ae77caf0b1b8	d35d4261-3955-82a7-961a-3e152bf01d99	Handball	handball	sports/team/handball	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83d1-8937-45a7d73cd462	d35d4261-3955-8a7b-bba0-c761d984250c	Winter Sports	winter	sports/winter	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ab4-a454-9cef46b2cd72	d35d4261-3955-83d1-8937-45a7d73cd462	Skis	skis	sports/winter/skis	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ba4-b30a-adb4a6bdb26e	d35d4261-3955-83d1-8937-45a7d73cd462	Snowboards	snowboards	sports/winter/snowboards	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82f0-8d51-1e2f8f44c77e	d35d4261-3955-83d1-8937-45a7d73cd462	Ice Skates	ice-skates	sports/winter/ice-skates	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8126-81f8-53398897d5d8	d35d4261-3955-83d1-8937-45a7d73cd462	Sledges	sledges	sports/winter/sledges	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8586-8783-7c20f1f721dc	d35d4261-3955-8a7b-bba0-c761d984250c	Water Sports	water	sports/water	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f36-b451-75372cd78242	d35d4261-3955-8586-8783-7c20f1f721dc	Surfing	surfing	sports/water/surfing	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8740-ad4e-701d2b60df65	d35d4261-3955-8586-8783-7c20f1f721dc	Diving	diving	sports/water/diving	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89cc-84d1-3c59509ef187	d35d4261-3955-8586-8783-7c20f1f721dc	Swimming	swimming	sports/water/swimming	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ddb-9e22-f90d45bd473f	d35d4261-3955-8586-8783-7c20f1f721dc	Rowing	rowing	sports/water/rowing	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-899e-9e66-e1a0312d98cf	d35d4261-3955-8a7b-bba0-c761d984250c	Fitness	fitness	sports/fitness	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89f6-9743-7f1482cde36e	d35d4261-3955-899e-9e66-e1a0312d98cf	Weights	weights	sports/fitness/weights	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-893f-bbe8-9f500dc35005	d35d4261-3955-899e-9e66-e1a0312d98cf	Exercise Machines	machines	sports/fitness/machines	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8694-9ff0-d1fdcc9a8faa	d35d4261-3955-899e-9e66-e1a0312d98cf	Yoga	yoga	sports/fitness/yoga	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c32-a69e-896f9bf73e39	d35d4261-3955-899e-9e66-e1a0312d98cf	Running	running	sports/fitness/running	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8146-a38c-afcc7f74b81e	d35d4261-3955-8a7b-bba0-c761d984250c	Racket Sports	rackets	sports/rackets	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e41-a0bb-69b1067ad5f5	d35d4261-3955-8146-a38c-afcc7f74b81e	Tennis	tennis	sports/rackets/tennis	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82fb-86b2-57fda94eeb20	d35d4261-3955-8146-a38c-afcc7f74b81e	Badminton	badminton	sports/rackets/badminton	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b03-80e6-791d12d1eca8	d35d4261-3955-8146-a38c-afcc7f74b81e	Table Tennis	table-tennis	sports/rackets/table-tennis	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-866f-97db-b43dbcf49ce7	d35d4261-3955-8a7b-bba0-c761d984250c	Camping and Hiking	camping	sports/camping	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c82-b3ef-4a3d257e66b4	d35d4261-3955-866f-97db-b43dbcf49ce7	Tents	tents	sports/camping/tents	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-886a-a989-78c1f061a6ca	d35d4261-3955-866f-97db-b43dbcf49ce7	Sleeping Bags	sleeping-bags	sports/camping/sleeping-bags	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a6e-a73c-dcba869b52f1	d35d4261-3955-866f-97db-b43dbcf49ce7	Rucksacks	rucksacks	sports/camping/rucksacks	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82fb-b38d-7d51f6d62bd8	d35d4261-3955-866f-97db-b43dbcf49ce7	Hiking Boots	hiking-boots	sports/camping/hiking-boots	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e6a-8967-9a6ad238f437	d35d4261-3955-866f-97db-b43dbcf49ce7	Stoves	stoves	sports/camping/stoves	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8682-bec1-088ef7c8acb8	d35d4261-3955-8a7b-bba0-c761d984250c	Climbing	climbing	sports/climbing	7	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8249-87ff-e712cd3c2476	d35d4261-3955-8682-bec1-088ef7c8acb8	Ropes	ropes	sports/climbing/ropes	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8218-bf20-f14310baebcd	d35d4261-3955-8682-bec1-088ef7c8acb8	Climbing Shoes	shoes	sports/climbing/shoes	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8cc2-b1bb-97f7523bbd29	d35d4261-3955-8682-bec1-088ef7c8acb8	Harnesses	harnesses	sports/climbing/harnesses	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8529-912e-a519cb0c6dd8	\N	Family and Children	family	family	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f64-8ff0-fca3eda17b2d	d35d4261-3955-8529-912e-a519cb0c6dd8	Baby	baby	family/baby	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f65-8a02-991d04607586	d35d4261-3955-8f64-8ff0-fca3eda17b2d	Prams	prams	family/baby/prams	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a06-b92a-fd38b19da1f2	d35d4261-3955-8f64-8ff0-fca3eda17b2d	Car Seats	car-seats	family/baby/car-seats	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-84f5-aa04-1359f4c7679e	d35d4261-3955-8f64-8ff0-fca3eda17b2d	Cots	cots	family/baby/cots	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86a8-b2d8-d54ef2eb4514	d35d4261-3955-8f64-8ff0-fca3eda17b2d	High Chairs	high-chairs	family/baby/high-chairs	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8002-b9c6-525ae06e0220	d35d4261-3955-8f64-8ff0-fca3eda17b2d	Baby Clothes	clothes	family/baby/clothes	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b50-b835-96e7a438275c	d35d4261-3955-8529-912e-a519cb0c6dd8	Toys	toys	family/toys	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8496-ab6b-493713b37af8	d35d4261-3955-8b50-b835-96e7a438275c	Building Bricks	bricks	family/toys/bricks	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d14-9fc4-068c06411716	d35d4261-3955-8b50-b835-96e7a438275c	Dolls	dolls	family/toys/dolls	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f09-ab5f-fd5f056a4406	d35d4261-3955-8b50-b835-96e7a438275c	Board Games	board-games	family/toys/board-games	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8108-8b72-ced829ee4c7f	d35d4261-3955-8b50-b835-96e7a438275c	Puzzles	puzzles	family/toys/puzzles	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f46-a127-949939a85c83	d35d4261-3955-8b50-b835-96e7a438275c	Soft Toys	soft-toys	family/toys/soft-toys	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8bdb-b6bd-b8a52d0ff1be	d35d4261-3955-8b50-b835-96e7a438275c	Wooden Toys	wooden-toys	family/toys/wooden-toys	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-87d5-91f8-9b9e4096a21c	d35d4261-3955-8b50-b835-96e7a438275c	Model Railways	model-railways	family/toys/model-railways	7	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-875c-84ed-a6ae51d2adb8	d35d4261-3955-8529-912e-a519cb0c6dd8	Children's Clothes	clothes	family/clothes	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8446-9114-d8e30383d62f	d35d4261-3955-875c-84ed-a6ae51d2adb8	Girls	girls	family/clothes/girls	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83ed-bd64-d72843a38a37	d35d4261-3955-875c-84ed-a6ae51d2adb8	Boys	boys	family/clothes/boys	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-836b-8524-f86fd4961829	d35d4261-3955-875c-84ed-a6ae51d2adb8	Children's Shoes	shoes	family/clothes/shoes	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f8c-b2d7-52736653c750	d35d4261-3955-8529-912e-a519cb0c6dd8	School	school	family/school	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-820f-9bb2-238361018b22	d35d4261-3955-8f8c-b2d7-52736653c750	School Bags	bags	family/school/bags	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-800b-ac05-27ed55c9b6e7	d35d4261-3955-8f8c-b2d7-52736653c750	Textbooks	textbooks	family/school/textbooks	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8bef-8003-3f96d398b650	d35d4261-3955-8f8c-b2d7-52736653c750	Stationery	stationery	family/school/stationery	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e9f-a2f0-04aff69517c3	\N	Books, Music and Film	media	media	7	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80ad-b389-e65714449727	d35d4261-3955-8e9f-a2f0-04aff69517c3	Books	books	media/books	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-854b-9407-8234d28962d8	d35d4261-3955-80ad-b389-e65714449727	Fiction	fiction	media/books/fiction	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8487-b261-90ddecf8ca83	d35d4261-3955-80ad-b389-e65714449727	Non-fiction	non-fiction	media/books/non-fiction	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86c0-b122-c6f4cd7e9851	d35d4261-3955-80ad-b389-e65714449727	Children's Books	children	media/books/children	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ca9-977d-44131fbec978	d35d4261-3955-80ad-b389-e65714449727	Comics	comics	media/books/comics	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83cf-8a07-06ea1b379b0c	d35d4261-3955-80ad-b389-e65714449727	Cookbooks	cookbooks	media/books/cookbooks	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-809b-afd6-455ba61eb22b	d35d4261-3955-80ad-b389-e65714449727	Travel Guides	travel	media/books/travel	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86b5-955c-abb7ed7b52df	d35d4261-3955-80ad-b389-e65714449727	Textbooks	textbooks	media/books/textbooks	7	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-869a-9974-65990b6140e8	d35d4261-3955-8e9f-a2f0-04aff69517c3	Music	music	media/music	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8803-a63e-d2a96b38a8b1	d35d4261-3955-869a-9974-65990b6140e8	Vinyl Records	vinyl	media/music/vinyl	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f6f-86e0-037920ab8cc4	d35d4261-3955-869a-9974-65990b6140e8	CDs	cds	media/music/cds	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8945-a9cd-2473eb9b6421	d35d4261-3955-869a-9974-65990b6140e8	Cassettes	cassettes	media/music/cassettes	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8cd7-989c-bcb410ba26d9	d35d4261-3955-869a-9974-65990b6140e8	Sheet Music	sheet-music	media/music/sheet-music	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8dfc-a2a2-1e2146afe70e	d35d4261-3955-8e9f-a2f0-04aff69517c3	Film	film	media/film	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-81bb-bdc4-dec2390940e4	d35d4261-3955-8dfc-a2a2-1e2146afe70e	DVDs	dvds	media/film/dvds	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a98-ae99-7381168c12b3	d35d4261-3955-8dfc-a2a2-1e2146afe70e	Blu-rays	blu-rays	media/film/blu-rays	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8024-8203-17b1c00a6f76	d35d4261-3955-8dfc-a2a2-1e2146afe70e	Posters	posters	media/film/posters	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80a6-a081-aa6803b7eb92	d35d4261-3955-8e9f-a2f0-04aff69517c3	Magazines	magazines	media/magazines	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ad2-8adb-44fcecb13e36	d35d4261-3955-80a6-a081-aa6803b7eb92	Weeklies	weeklies	media/magazines/weeklies	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8196-b383-64f585e8d850	d35d4261-3955-80a6-a081-aa6803b7eb92	Collectors' Issues	collectors	media/magazines/collectors	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-847a-a2b2-c47f3551a490	\N	Musical Instruments	instruments	instruments	8	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80ed-ab7f-842a5ba9076f	d35d4261-3955-847a-a2b2-c47f3551a490	Strings	strings	instruments/strings	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8aef-82ef-6f75d8c14290	d35d4261-3955-80ed-ab7f-842a5ba9076f	Guitars	guitars	instruments/strings/guitars	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-857e-9df6-a14a07386812	d35d4261-3955-80ed-ab7f-842a5ba9076f	Electric Guitars	electric-guitars	instruments/strings/electric-guitars	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-811a-8683-461c7fb04c72	d35d4261-3955-80ed-ab7f-842a5ba9076f	Basses	basses	instruments/strings/basses	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-822d-ad66-179e332ade3f	d35d4261-3955-80ed-ab7f-842a5ba9076f	Violins	violins	instruments/strings/violins	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-87d1-b920-d1584abee406	d35d4261-3955-80ed-ab7f-842a5ba9076f	Ukuleles	ukuleles	instruments/strings/ukuleles	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b17-a449-31f784cc847a	d35d4261-3955-847a-a2b2-c47f3551a490	Keys	keys	instruments/keys	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89b0-abc8-8a167ecbe690	d35d4261-3955-8b17-a449-31f784cc847a	Pianos	pianos	instruments/keys/pianos	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8eae-ad97-3344d78c6194	d35d4261-3955-8b17-a449-31f784cc847a	Synthesizers	synthesizers	instruments/keys/synthesizers	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86bf-b58a-c258919a14ed	d35d4261-3955-8b17-a449-31f784cc847a	Accordions	accordions	instruments/keys/accordions	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b99-84d0-26dc0bf20e75	d35d4261-3955-847a-a2b2-c47f3551a490	Wind	wind	instruments/wind	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88cb-9050-d3a832104b42	d35d4261-3955-8b99-84d0-26dc0bf20e75	Flutes	flutes	instruments/wind/flutes	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-835f-9a4f-6045e92829c3	d35d4261-3955-8b99-84d0-26dc0bf20e75	Saxophones	saxophones	instruments/wind/saxophones	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8722-97c3-200d824e44e7	d35d4261-3955-8b99-84d0-26dc0bf20e75	Trumpets	trumpets	instruments/wind/trumpets	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88fd-bf09-aa42aae81392	d35d4261-3955-8b99-84d0-26dc0bf20e75	Clarinets	clarinets	instruments/wind/clarinets	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8356-99b9-fc7142b255f7	d35d4261-3955-847a-a2b2-c47f3551a490	Percussion	percussion	instruments/percussion	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-827e-8a2e-2d647f39a118	d35d4261-3955-8356-99b9-fc7142b255f7	Drum Kits	drum-kits	instruments/percussion/drum-kits	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88bd-af98-bfff57dfa9aa	d35d4261-3955-8356-99b9-fc7142b255f7	Cymbals	cymbals	instruments/percussion/cymbals	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e60-b49e-3a792756ed4c	d35d4261-3955-8356-99b9-fc7142b255f7	Hand Drums	hand-drums	instruments/percussion/hand-drums	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8828-acc3-1373163261ad	d35d4261-3955-847a-a2b2-c47f3551a490	Stage and Studio	studio	instruments/studio	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-811b-8894-fc6eed655de6	d35d4261-3955-8828-acc3-1373163261ad	Microphones	microphones	instruments/studio/microphones	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80d4-ad07-1d9435e22cc2	d35d4261-3955-8828-acc3-1373163261ad	Mixing Desks	mixing-desks	instruments/studio/mixing-desks	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ca0-895a-055227b54eef	d35d4261-3955-8828-acc3-1373163261ad	Amplifiers	amplifiers	instruments/studio/amplifiers	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8922-a21e-1b4fa6b34926	\N	Collecting and Art	collecting	collecting	9	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e07-b350-b2a67b4bd1de	d35d4261-3955-8922-a21e-1b4fa6b34926	Art	art	collecting/art	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-84e5-bc5c-396479021f75	d35d4261-3955-8e07-b350-b2a67b4bd1de	Paintings	paintings	collecting/art/paintings	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82f5-ab16-b0e5544a8aad	d35d4261-3955-8e07-b350-b2a67b4bd1de	Prints	prints	collecting/art/prints	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8762-96f6-eec11903835a	d35d4261-3955-8e07-b350-b2a67b4bd1de	Sculptures	sculptures	collecting/art/sculptures	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f36-945f-a0dfad2d2569	d35d4261-3955-8e07-b350-b2a67b4bd1de	Photographs	photographs	collecting/art/photographs	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8fb7-8f1d-57fc49d0d202	d35d4261-3955-8922-a21e-1b4fa6b34926	Antiques	antiques	collecting/antiques	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8779-a0fe-79dbc9ec12a2	d35d4261-3955-8fb7-8f1d-57fc49d0d202	Clocks	clocks	collecting/antiques/clocks	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f49-a9ce-1729fcb378d8	d35d4261-3955-8fb7-8f1d-57fc49d0d202	Silverware	silverware	collecting/antiques/silverware	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b8a-aea3-35f6c7b71db4	d35d4261-3955-8fb7-8f1d-57fc49d0d202	Ceramics	ceramics	collecting/antiques/ceramics	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8093-a722-559658788e2c	d35d4261-3955-8fb7-8f1d-57fc49d0d202	Antique Furniture	furniture	collecting/antiques/furniture	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c29-a1c0-23cc04c2b3cf	d35d4261-3955-8922-a21e-1b4fa6b34926	Collectables	collectables	collecting/collectables	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89db-b4c0-b4b642df7111	d35d4261-3955-8c29-a1c0-23cc04c2b3cf	Coins	coins	collecting/collectables/coins	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8cbe-92f6-4c1cefea2425	d35d4261-3955-8c29-a1c0-23cc04c2b3cf	Stamps	stamps	collecting/collectables/stamps	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80ea-88dd-e127bb6ddc9e	d35d4261-3955-8c29-a1c0-23cc04c2b3cf	Trading Cards	trading-cards	collecting/collectables/trading-cards	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-846f-bd6d-5b17aefb8c63	d35d4261-3955-8c29-a1c0-23cc04c2b3cf	Model Cars	model-cars	collecting/collectables/model-cars	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c17-9e3d-16b3b6bfd9dd	d35d4261-3955-8c29-a1c0-23cc04c2b3cf	Postcards	postcards	collecting/collectables/postcards	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8da7-9b1e-ad2bad02637f	d35d4261-3955-8922-a21e-1b4fa6b34926	Crafts	crafts	collecting/crafts	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83b6-91df-c0b763347c4e	d35d4261-3955-8da7-9b1e-ad2bad02637f	Sewing Machines	sewing-machines	collecting/crafts/sewing-machines	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8490-b729-793e3d531fb9	d35d4261-3955-8da7-9b1e-ad2bad02637f	Yarn and Fabric	yarn	collecting/crafts/yarn	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f2a-b823-3718ca815be1	d35d4261-3955-8da7-9b1e-ad2bad02637f	Pottery	pottery	collecting/crafts/pottery	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83ac-b74a-7808c0690ed1	\N	Pets and Farm	animals	animals	10	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8050-9327-ad96b856b54f	d35d4261-3955-83ac-b74a-7808c0690ed1	Dogs	dogs	animals/dogs	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83be-abb9-95c8b096fb65	d35d4261-3955-8050-9327-ad96b856b54f	Leads and Collars	leads	animals/dogs/leads	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-84a0-9c67-8080566fcd2f	d35d4261-3955-8050-9327-ad96b856b54f	Dog Beds	beds	animals/dogs/beds	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8dc3-bd54-327d33cda905	d35d4261-3955-8050-9327-ad96b856b54f	Dog Food	food	animals/dogs/food	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f76-b4f7-70b43919dc60	d35d4261-3955-83ac-b74a-7808c0690ed1	Cats	cats	animals/cats	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8145-8a2b-9014ee0440f3	d35d4261-3955-8f76-b4f7-70b43919dc60	Scratching Posts	scratching-posts	animals/cats/scratching-posts	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88b6-a6d4-3d4d5c8a657a	d35d4261-3955-8f76-b4f7-70b43919dc60	Cat Trees	cat-trees	animals/cats/cat-trees	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b2e-abbb-fe38026859bb	d35d4261-3955-8f76-b4f7-70b43919dc60	Cat Food	food	animals/cats/food	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89de-b506-0aaf475bcc02	d35d4261-3955-83ac-b74a-7808c0690ed1	Small Pets	small-pets	animals/small-pets	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8af6-ae0e-1ed1de999546	d35d4261-3955-89de-b506-0aaf475bcc02	Cages	cages	animals/small-pets/cages	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89ce-9f24-b8da766b196c	d35d4261-3955-89de-b506-0aaf475bcc02	Aquariums	aquariums	animals/small-pets/aquariums	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-818a-9859-3996dcc6eb17	d35d4261-3955-89de-b506-0aaf475bcc02	Terrariums	terrariums	animals/small-pets/terrariums	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8450-aba4-ccf1f4179148	d35d4261-3955-83ac-b74a-7808c0690ed1	Riding	riding	animals/riding	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-886d-926d-1abe1cfb4ee4	d35d4261-3955-8450-aba4-ccf1f4179148	Saddles	saddles	animals/riding/saddles	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8513-9320-29fd9dd5b538	d35d4261-3955-8450-aba4-ccf1f4179148	Riding Boots	riding-boots	animals/riding/riding-boots	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86d8-a031-fed8dad4b6fd	d35d4261-3955-8450-aba4-ccf1f4179148	Stable Equipment	stable	animals/riding/stable	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e6e-b59c-c402ca7fbfe6	d35d4261-3955-83ac-b74a-7808c0690ed1	Farm	farm	animals/farm	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89da-a9c5-b5f6816b4f3e	d35d4261-3955-8e6e-b59c-c402ca7fbfe6	Beekeeping	beekeeping	animals/farm/beekeeping	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ffe-8ed0-2eee0ca2be13	d35d4261-3955-8e6e-b59c-c402ca7fbfe6	Poultry Keeping	poultry	animals/farm/poultry	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8dc3-8b89-7033fe80554b	d35d4261-3955-8e6e-b59c-c402ca7fbfe6	Farm Machinery	machinery	animals/farm/machinery	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-85eb-b89c-b8b5f3a47307	\N	Property	property	property	11	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c80-b42e-3726dfec6c5e	d35d4261-3955-85eb-b89c-b8b5f3a47307	For Sale	sale	property/sale	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8808-b158-78108dbc63fa	d35d4261-3955-8c80-b42e-3726dfec6c5e	Flats	flats	property/sale/flats	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8435-8266-b719545e92c7	d35d4261-3955-8c80-b42e-3726dfec6c5e	Houses	houses	property/sale/houses	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-81e8-9c77-4c52c5686df1	d35d4261-3955-8c80-b42e-3726dfec6c5e	Land	land	property/sale/land	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-820d-ba2c-7aaf93cb62be	d35d4261-3955-8c80-b42e-3726dfec6c5e	Garages	garages	property/sale/garages	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8934-9f43-4c3ff59b167a	d35d4261-3955-85eb-b89c-b8b5f3a47307	To Rent	rent	property/rent	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b93-966e-88c2e267320d	d35d4261-3955-8934-9f43-4c3ff59b167a	Flats	flats	property/rent/flats	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80ee-88c9-9544edc7619d	d35d4261-3955-8934-9f43-4c3ff59b167a	Houses	houses	property/rent/houses	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c49-8aeb-8366f77c2bc4	d35d4261-3955-8934-9f43-4c3ff59b167a	Rooms	rooms	property/rent/rooms	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-84ab-9606-a16136ad0255	d35d4261-3955-8934-9f43-4c3ff59b167a	Parking Spaces	parking	property/rent/parking	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-819c-9e0b-5e2f150034bd	d35d4261-3955-85eb-b89c-b8b5f3a47307	Holiday Homes	holiday	property/holiday	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8840-b082-9d15f0d6eec1	d35d4261-3955-819c-9e0b-5e2f150034bd	By the Sea	seaside	property/holiday/seaside	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f60-bb54-4e46c0d5154f	d35d4261-3955-819c-9e0b-5e2f150034bd	In the Mountains	mountains	property/holiday/mountains	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8230-ad75-04ca5fd1efef	d35d4261-3955-819c-9e0b-5e2f150034bd	In the City	city	property/holiday/city	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d8d-aa69-69bcd50a2d59	d35d4261-3955-85eb-b89c-b8b5f3a47307	Business Premises	business	property/business	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8624-b2d9-2f3199f0e47f	d35d4261-3955-8d8d-aa69-69bcd50a2d59	Offices	offices	property/business/offices	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ff3-ba13-bd720aff5cc4	d35d4261-3955-8d8d-aa69-69bcd50a2d59	Shops	shops	property/business/shops	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82e0-8023-c532824e1ab4	d35d4261-3955-8d8d-aa69-69bcd50a2d59	Workshops	workshops	property/business/workshops	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-857c-8d89-dda2b37c92fd	\N	Jobs	jobs	jobs	12	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-842e-a64b-d3b202f54a61	d35d4261-3955-857c-8d89-dda2b37c92fd	Technology	technology	jobs/technology	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8caf-bf91-d0cfc860403d	d35d4261-3955-842e-a64b-d3b202f54a61	Software	software	jobs/technology/software	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8875-93ac-0649e7c190b8	d35d4261-3955-842e-a64b-d3b202f54a61	Data	data	jobs/technology/data	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-84b0-b116-20d57ce68e4b	d35d4261-3955-842e-a64b-d3b202f54a61	Hardware	hardware	jobs/technology/hardware	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f21-af85-975d586c4c3b	d35d4261-3955-842e-a64b-d3b202f54a61	Support	support	jobs/technology/support	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8bee-931d-ff7e3d24f6a8	d35d4261-3955-857c-8d89-dda2b37c92fd	Health and Care	care	jobs/care	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-867d-a32a-04888cf65f47	d35d4261-3955-8bee-931d-ff7e3d24f6a8	Nursing	nursing	jobs/care/nursing	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-842f-89cc-e73d78566946	d35d4261-3955-8bee-931d-ff7e3d24f6a8	Childcare	childcare	jobs/care/childcare	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8197-8d73-ee9916cacbae	d35d4261-3955-8bee-931d-ff7e3d24f6a8	Elderly Care	elderly-care	jobs/care/elderly-care	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8521-ad07-467ed1ffe426	d35d4261-3955-8bee-931d-ff7e3d24f6a8	Therapy	therapy	jobs/care/therapy	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88f4-b38a-d26fa259fdfc	d35d4261-3955-857c-8d89-dda2b37c92fd	Hospitality	hospitality	jobs/hospitality	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d80-8cca-dec33fb2cf82	d35d4261-3955-88f4-b38a-d26fa259fdfc	Cooking	cooking	jobs/hospitality/cooking	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-86c5-b84c-aa92cda415d2	d35d4261-3955-88f4-b38a-d26fa259fdfc	Waiting	waiting	jobs/hospitality/waiting	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8048-926a-cd8e05282bd5	d35d4261-3955-88f4-b38a-d26fa259fdfc	Hotels	hotels	jobs/hospitality/hotels	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f10-9b49-74b157c26adb	d35d4261-3955-857c-8d89-dda2b37c92fd	Trades	trades	jobs/trades	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8355-a857-5dd2debeac4a	d35d4261-3955-8f10-9b49-74b157c26adb	Electricians	electricians	jobs/trades/electricians	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-858d-bd7a-f526b82b371c	d35d4261-3955-8f10-9b49-74b157c26adb	Plumbers	plumbers	jobs/trades/plumbers	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b1b-b989-3f25064d936c	d35d4261-3955-8f10-9b49-74b157c26adb	Carpenters	carpenters	jobs/trades/carpenters	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a98-82ed-0c86bffc3c9d	d35d4261-3955-8f10-9b49-74b157c26adb	Painters	painters	jobs/trades/painters	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d4a-a958-b63f2da75d41	d35d4261-3955-857c-8d89-dda2b37c92fd	Office	office	jobs/office	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-858e-adc2-cefb28f150cf	d35d4261-3955-8d4a-a958-b63f2da75d41	Accounting	accounting	jobs/office/accounting	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-89da-85c1-b3dbe0ab7624	d35d4261-3955-8d4a-a958-b63f2da75d41	Assistance	assistance	jobs/office/assistance	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e7e-8953-a7a551bea7c3	d35d4261-3955-8d4a-a958-b63f2da75d41	Marketing	marketing	jobs/office/marketing	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88bb-9a65-f690ec6a31e4	d35d4261-3955-857c-8d89-dda2b37c92fd	Education	education	jobs/education	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c5c-b5fb-661a21de6ad3	d35d4261-3955-88bb-9a65-f690ec6a31e4	Teachers	teachers	jobs/education/teachers	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a6e-9d87-8396c98272eb	d35d4261-3955-88bb-9a65-f690ec6a31e4	Tutors	tutors	jobs/education/tutors	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c86-80a0-38323d1e6133	d35d4261-3955-88bb-9a65-f690ec6a31e4	Trainers	trainers	jobs/education/trainers	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8712-bbae-f28779c5ccde	\N	Services	services	services	13	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-808c-ac85-519c40cc11c1	d35d4261-3955-8712-bbae-f28779c5ccde	Household	household	services/household	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d05-814e-124340e6ce79	d35d4261-3955-808c-ac85-519c40cc11c1	Cleaning	cleaning	services/household/cleaning	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d20-8127-5a6f07e604af	d35d4261-3955-808c-ac85-519c40cc11c1	Gardening	gardening	services/household/gardening	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8004-8090-e5e79f128985	d35d4261-3955-808c-ac85-519c40cc11c1	Moving	moving	services/household/moving	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8fcb-8631-eacce83cd076	d35d4261-3955-808c-ac85-519c40cc11c1	Repairs	repairs	services/household/repairs	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a52-a511-1940a57aa85a	d35d4261-3955-8712-bbae-f28779c5ccde	Lessons	lessons	services/lessons	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-889f-829b-0057ace94358	d35d4261-3955-8a52-a511-1940a57aa85a	Languages	languages	services/lessons/languages	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c68-aa0d-8ad81431ad2e	d35d4261-3955-8a52-a511-1940a57aa85a	Music Lessons	music	services/lessons/music	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83d9-8695-d5200462726d	d35d4261-3955-8a52-a511-1940a57aa85a	Driving Lessons	driving	services/lessons/driving	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8d26-ac13-78141596d311	d35d4261-3955-8a52-a511-1940a57aa85a	School Subjects	school	services/lessons/school	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8cb5-a313-1bb63278022b	d35d4261-3955-8712-bbae-f28779c5ccde	Events	events	services/events	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8282-b7fc-f1f63cef1eca	d35d4261-3955-8cb5-a313-1bb63278022b	Photography	photography	services/events/photography	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a04-9081-8342d210052c	d35d4261-3955-8cb5-a313-1bb63278022b	Catering	catering	services/events/catering	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8507-b042-5601a770a5f6	d35d4261-3955-8cb5-a313-1bb63278022b	Musicians	musicians	services/events/musicians	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-83d4-8359-77b187dfabd1	d35d4261-3955-8cb5-a313-1bb63278022b	Venues	venues	services/events/venues	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b1c-9c2e-2fcc698cf2a0	d35d4261-3955-8712-bbae-f28779c5ccde	Computing	computing	services/computing	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a27-bcac-55ba9817732f	d35d4261-3955-8b1c-9c2e-2fcc698cf2a0	Web Design	web-design	services/computing/web-design	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80f0-ac1e-d2a0ffb44351	d35d4261-3955-8b1c-9c2e-2fcc698cf2a0	Computer Repair	repair	services/computing/repair	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ae5-90ff-b3d7ab556752	d35d4261-3955-8b1c-9c2e-2fcc698cf2a0	Data Recovery	data-recovery	services/computing/data-recovery	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-82eb-a604-37745c86e0c5	d35d4261-3955-8712-bbae-f28779c5ccde	Wellbeing	wellbeing	services/wellbeing	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80ce-82bd-96c8a73e9a11	d35d4261-3955-82eb-a604-37745c86e0c5	Massage	massage	services/wellbeing/massage	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-803b-852c-a6ed05b67bf6	d35d4261-3955-82eb-a604-37745c86e0c5	Hairdressing	hairdressing	services/wellbeing/hairdressing	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-888e-98d0-486d509765f5	d35d4261-3955-82eb-a604-37745c86e0c5	Personal Training	personal-training	services/wellbeing/personal-training	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8029-9c0b-29d39e8e894a	d35d4261-3955-8712-bbae-f28779c5ccde	Transport	transport	services/transport	6	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-865f-9a9c-f3395d4f9931	d35d4261-3955-8029-9c0b-29d39e8e894a	Deliveries	deliveries	services/transport/deliveries	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88d3-acc2-2bbbe545faef	d35d4261-3955-8029-9c0b-29d39e8e894a	Lifts	lifts	services/transport/lifts	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88b0-9216-6ef76a8c1001	d35d4261-3955-8029-9c0b-29d39e8e894a	Vehicle Hire	hire	services/transport/hire	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-876a-b5fe-f2cb56e3ea19	\N	Business and Industry	industry	industry	14	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b0e-b6d8-175ad7e9bc92	d35d4261-3955-876a-b5fe-f2cb56e3ea19	Office Equipment	office	industry/office	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-84f2-be62-1a80b2189976	d35d4261-3955-8b0e-b6d8-175ad7e9bc92	Desks	desks	industry/office/desks	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b8c-830e-630151a2578a	d35d4261-3955-8b0e-b6d8-175ad7e9bc92	Copiers	copiers	industry/office/copiers	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8813-bae2-6a40c547147c	d35d4261-3955-8b0e-b6d8-175ad7e9bc92	Telephones	telephones	industry/office/telephones	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8976-82de-b010cad7168e	d35d4261-3955-876a-b5fe-f2cb56e3ea19	Shop Fittings	shop	industry/shop	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e9a-9ba5-b17eb36cd96d	d35d4261-3955-8976-82de-b010cad7168e	Shelving	shelving	industry/shop/shelving	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8027-ac1b-1771bf48f793	d35d4261-3955-8976-82de-b010cad7168e	Tills	tills	industry/shop/tills	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8376-8bd1-40dbeec4f785	d35d4261-3955-8976-82de-b010cad7168e	Display Cases	display-cases	industry/shop/display-cases	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8f30-a9c1-fab53f4da840	d35d4261-3955-876a-b5fe-f2cb56e3ea19	Catering Equipment	catering	industry/catering	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8e2a-97d4-7a1d3ae0abd4	d35d4261-3955-8f30-a9c1-fab53f4da840	Ovens	ovens	industry/catering/ovens	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ea2-95cb-c1ce0fe3a370	d35d4261-3955-8f30-a9c1-fab53f4da840	Refrigeration	refrigeration	industry/catering/refrigeration	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80aa-b4a5-d28b3e008d0c	d35d4261-3955-8f30-a9c1-fab53f4da840	Crockery	crockery	industry/catering/crockery	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8afa-9a77-39b32e931b81	d35d4261-3955-876a-b5fe-f2cb56e3ea19	Machines	machines	industry/machines	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c38-a757-e1931324a7db	d35d4261-3955-8afa-9a77-39b32e931b81	Metalwork	metalwork	industry/machines/metalwork	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c6a-a1a5-7c98d22afc39	d35d4261-3955-8afa-9a77-39b32e931b81	Woodwork	woodwork	industry/machines/woodwork	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8988-a2c5-78e70f4c157d	d35d4261-3955-8afa-9a77-39b32e931b81	Packaging	packaging	industry/machines/packaging	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a7e-9980-60195d89e538	d35d4261-3955-876a-b5fe-f2cb56e3ea19	Health Equipment	medical	industry/medical	5	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8c2d-b137-a6327b69db35	d35d4261-3955-8a7e-9980-60195d89e538	Wheelchairs	wheelchairs	industry/medical/wheelchairs	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a23-b8df-a7595d6786da	d35d4261-3955-8a7e-9980-60195d89e538	Hospital Beds	hospital-beds	industry/medical/hospital-beds	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8a3f-bc4c-a0d77a019cdd	d35d4261-3955-8a7e-9980-60195d89e538	Laboratory	laboratory	industry/medical/laboratory	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8398-a821-e74c37b04aaa	\N	Give Away and Swap	free	free	15	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8687-b13d-a37d79e8a33f	d35d4261-3955-8398-a821-e74c37b04aaa	To Give Away	give	free/give	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80eb-85cb-4490a2f15645	d35d4261-3955-8687-b13d-a37d79e8a33f	Furniture	furniture	free/give/furniture	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8102-874b-8b2bdc0000db	d35d4261-3955-8687-b13d-a37d79e8a33f	Clothes	clothes	free/give/clothes	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8531-a61f-18ca7f1fe445	d35d4261-3955-8687-b13d-a37d79e8a33f	Toys	toys	free/give/toys	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-88ad-a1f9-c76f29921df4	d35d4261-3955-8687-b13d-a37d79e8a33f	Books	books	free/give/books	4	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8aaf-9e3c-e3107be821e7	d35d4261-3955-8398-a821-e74c37b04aaa	To Swap	swap	free/swap	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8185-b9c8-31e24f042d50	d35d4261-3955-8aaf-9e3c-e3107be821e7	Books	books	free/swap/books	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ff5-9d3d-6fff11754f6d	d35d4261-3955-8aaf-9e3c-e3107be821e7	Plants	plants	free/swap/plants	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ea7-8d0d-6ad931956801	d35d4261-3955-8aaf-9e3c-e3107be821e7	Tools	tools	free/swap/tools	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-80c8-8b84-ba7cc154bf43	d35d4261-3955-8398-a821-e74c37b04aaa	Lost and Found	lost	free/lost	3	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8b6d-9aff-5d3e826230b4	d35d4261-3955-80c8-8b84-ba7cc154bf43	Lost	lost	free/lost/lost	1	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
d35d4261-3955-8ee5-8f81-2555c10245ad	d35d4261-3955-80c8-8b84-ba7cc154bf43	Found	found	free/lost/found	2	2026-11-29 16:09:31.373662+00	2026-11-29 16:09:31.373662+00
\.


--
-- Data for Name: locations; Type: TABLE DATA; Schema: master; Owner: master_owner
--

COPY master.locations (id, city, region, country, country_name, latitude, longitude, population, slug, created_at, updated_at) FROM stdin;
\.


--
-- Data for Name: canary; Type: TABLE DATA; Schema: public; Owner: migrator
--

COPY public.canary (message) FROM stdin;
a service that sees this row is not held by policies
\.


--
-- Data for Name: django_migrations; Type: TABLE DATA; Schema: public; Owner: migrator
--

COPY public.django_migrations (id, app, name, applied) FROM stdin;
1	freehold	0001_migration_history	2026-11-29 16:09:26.716162+00
2	freehold	0002_canary	2026-11-29 16:09:26.728599+00
3	freehold	0003_canary_row	2026-11-29 16:09:26.733563+00
4	freehold	0004_append_only_history	2026-11-29 16:09:26.76804+00
5	contenttypes	0001_initial	2026-11-29 16:09:26.780275+00
6	contenttypes	0002_remove_content_type_name	2026-11-29 16:09:26.799069+00
7	auth	0001_initial	2026-11-29 16:09:26.809673+00
8	auth	0002_alter_permission_name_max_length	2026-11-29 16:09:26.850642+00
9	auth	0003_alter_user_email_max_length	2026-11-29 16:09:26.858187+00
10	auth	0004_alter_user_username_opts	2026-11-29 16:09:26.865935+00
11	auth	0005_alter_user_last_login_null	2026-11-29 16:09:26.874479+00
12	auth	0006_require_contenttypes_0002	2026-11-29 16:09:26.882119+00
13	auth	0007_alter_validators_add_error_messages	2026-11-29 16:09:26.884671+00
14	auth	0008_alter_user_username_max_length	2026-11-29 16:09:26.892307+00
15	auth	0009_alter_user_last_name_max_length	2026-11-29 16:09:26.89987+00
16	auth	0010_alter_group_name_max_length	2026-11-29 16:09:26.907309+00
17	auth	0011_update_proxy_permissions	2026-11-29 16:09:26.915036+00
18	auth	0012_alter_user_first_name_max_length	2026-11-29 16:09:26.925712+00
19	auth_app	0001_user	2026-11-29 16:09:26.932852+00
20	admin	0001_initial	2026-11-29 16:09:26.972479+00
21	admin	0002_logentry_remove_auto_add	2026-11-29 16:09:26.995355+00
22	admin	0003_logentry_add_action_flag_choices	2026-11-29 16:09:27.006524+00
23	auth_app	0002_session	2026-11-29 16:09:27.017887+00
24	auth_app	0003_oauth_account	2026-11-29 16:09:27.041406+00
25	auth_app	0004_phone_verification	2026-11-29 16:09:27.06802+00
26	auth_app	0005_groups	2026-11-29 16:09:27.099022+00
27	auth_app	0006_session_principal	2026-11-29 16:09:27.126107+00
28	auth_app	0007_password_ends_sessions	2026-11-29 16:09:27.129747+00
29	auth_app	0008_session_user	2026-11-29 16:09:27.133297+00
30	auth_app	0009_session_digests	2026-11-29 16:09:27.138773+00
31	master	0001_category	2026-11-29 16:09:27.168869+00
32	master	0002_location	2026-11-29 16:09:27.185449+00
33	items	0001_item	2026-11-29 16:09:27.212631+00
34	items	0002_item_image	2026-11-29 16:09:27.243889+00
35	items	0003_favorite	2026-11-29 16:09:27.271983+00
36	profile	0001_profile	2026-11-29 16:09:27.296895+00
37	tenancy	0001_tenant	2026-11-29 16:09:27.322943+00
38	tenancy	0002_membership	2026-11-29 16:09:27.329985+00
39	tenancy	0003_project	2026-11-29 16:09:27.360293+00
40	runs	0001_run	2026-11-29 16:09:27.388067+00
41	tenancy	0004_api_key	2026-11-29 16:09:27.423505+00
43	tenancy	0005_access	2026-11-29 16:09:30.2352+00
\.


--
-- Data for Name: migration_history; Type: TABLE DATA; Schema: public; Owner: migrator
--

COPY public.migration_history (id, kind, direction, app, name, checksum, owner_role, login, started_at, duration, outcome, code_version, detail, account, checksum_before, reason, link, sources) FROM stdin;
1	migrate	up	freehold	0001_migration_history	29e45f67259be26bcc1838e50120bdd9b44059b6e91871660d329cda90c16cdc	migrator	migrator	2026-11-29 16:09:26.703302+00	00:00:00.014608	ok	bc5918b842bc						\N
2	migrate	up	freehold	0002_canary	229a3c933f75dee9b9c1c3b8479cbc4cdc8767c269eff8277969bac09db6f2bf	migrator	migrator	2026-11-29 16:09:26.722296+00	00:00:00.007179	ok	bc5918b842bc						\N
3	migrate	up	freehold	0003_canary_row	de20155ddefceab44e62ac6006d4391dbb97e90bfeb84946471999407ea48b08	migrator	migrator	2026-11-29 16:09:26.730904+00	00:00:00.003423	ok	bc5918b842bc						\N
4	migrate	up	freehold	0004_append_only_history	e9879cb0fbec0c8520169dd313efc7414986d450c439e81d3802b96259257550	migrator	migrator	2026-11-29 16:09:26.735648+00	00:00:00.033505	ok	bc5918b842bc		root			287e41ada883bb0f7c5aefaa423f839ce06c62b5f5460f824066aa20b6be25c5	{"migrations/0004_append_only_history.py": "\\"\\"\\"Let the history keep what ran and who accepted what, and let the database refuse that a row is rewritten.\\"\\"\\"\\n\\nfrom django.db import migrations, models\\n\\nfrom freehold.operations import RunPostgreSQL, RunSQLite\\n\\n# Beyond its right, which the owner has not, and beyond its triggers, which fire whatever session_replication_role is.\\nMAKE = [\\n    \\"\\"\\"\\n    CREATE OR REPLACE FUNCTION public.refuse_history_change() RETURNS trigger LANGUAGE plpgsql\\n        SET search_path = pg_catalog, pg_temp\\n    AS $function$\\nBEGIN\\n    RAISE EXCEPTION 'public.migration_history is append-only: % is refused', lower(TG_OP)\\n        USING ERRCODE = 'insufficient_privilege', HINT = 'manage.py history repair adds a row and changes none';\\nEND\\n$function$\\n    \\"\\"\\",\\n    \\"REVOKE ALL ON FUNCTION public.refuse_history_change() FROM PUBLIC\\",\\n    \\"\\"\\"\\n    CREATE OR REPLACE TRIGGER migration_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE\\n        ON public.migration_history FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change()\\n    \\"\\"\\",\\n    # Of each row as well: a statement on a table that this one is made to inherit from fires no other trigger here.\\n    \\"\\"\\"\\n    CREATE OR REPLACE TRIGGER migration_history_rows_append_only BEFORE UPDATE OR DELETE\\n        ON public.migration_history FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change()\\n    \\"\\"\\",\\n    \\"ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_append_only\\",\\n    \\"ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_rows_append_only\\",\\n    \\"REVOKE UPDATE, DELETE, TRUNCATE ON public.migration_history FROM CURRENT_USER\\",\\n]\\nTAKE = [\\n    \\"GRANT UPDATE, DELETE, TRUNCATE ON public.migration_history TO CURRENT_USER\\",\\n    \\"DROP TRIGGER IF EXISTS migration_history_append_only ON public.migration_history\\",\\n    \\"DROP TRIGGER IF EXISTS migration_history_rows_append_only ON public.migration_history\\",\\n    \\"DROP FUNCTION IF EXISTS public.refuse_history_change()\\",\\n]\\n\\nMAKE_SQLITE = [\\n    \\"\\"\\"\\n    CREATE TRIGGER IF NOT EXISTS \\"public.migration_history_update\\" BEFORE UPDATE ON \\"public.migration_history\\"\\n    BEGIN SELECT RAISE(ABORT, 'public.migration_history is append-only: update is refused'); END\\n    \\"\\"\\",\\n    \\"\\"\\"\\n    CREATE TRIGGER IF NOT EXISTS \\"public.migration_history_delete\\" BEFORE DELETE ON \\"public.migration_history\\"\\n    BEGIN SELECT RAISE(ABORT, 'public.migration_history is append-only: delete is refused'); END\\n    \\"\\"\\",\\n    # INSERT OR REPLACE deletes without a word to the trigger above, unless recursive_triggers is on.\\n    \\"\\"\\"\\n    CREATE TRIGGER IF NOT EXISTS \\"public.migration_history_replace\\" BEFORE INSERT ON \\"public.migration_history\\"\\n    WHEN EXISTS (SELECT 1 FROM \\"public.migration_history\\" WHERE id = NEW.id)\\n    BEGIN SELECT RAISE(ABORT, 'public.migration_history is append-only: replace is refused'); END\\n    \\"\\"\\",\\n]\\nTAKE_SQLITE = [\\n    f'DROP TRIGGER IF EXISTS \\"public.migration_history_{event}\\"' for event in (\\"update\\", \\"delete\\", \\"replace\\")\\n]\\n\\n\\ndef make_text(name, help_text):\\n    \\"\\"\\"Give the operation that adds a text column, empty in the rows there are and in those of an older release.\\"\\"\\"\\n    field = models.TextField(blank=True, db_default=\\"\\", default=\\"\\", help_text=help_text, verbose_name=name)\\n    return migrations.AddField(\\"MigrationHistory\\", name.replace(\\" \\", \\"_\\"), field)\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [(\\"freehold\\", \\"0003_canary_row\\")]\\n\\n    operations = [\\n        make_text(\\"account\\", \\"The account of the operating system.\\"),\\n        make_text(\\"checksum before\\", \\"What was recorded, where a person accepted something else.\\"),\\n        make_text(\\"reason\\", \\"Why a person accepted it.\\"),\\n        make_text(\\"link\\", \\"SHA-256 over this row and the link before it.\\"),\\n        migrations.AddField(\\n            \\"MigrationHistory\\",\\n            \\"sources\\",\\n            models.JSONField(\\n                blank=True, help_text=\\"The text of what ran, by file name.\\", null=True, verbose_name=\\"sources\\"\\n            ),\\n        ),\\n        migrations.AlterField(\\n            \\"MigrationHistory\\",\\n            \\"checksum\\",\\n            models.TextField(\\n                blank=True,\\n                default=\\"\\",\\n                help_text=\\"SHA-256 of the sources, in hexadecimal digits.\\",\\n                verbose_name=\\"checksum\\",\\n            ),\\n        ),\\n        migrations.AlterField(\\n            \\"MigrationHistory\\",\\n            \\"kind\\",\\n            models.TextField(\\n                choices=[(\\"migrate\\", \\"migration\\"), (\\"seed\\", \\"seed\\"), (\\"history\\", \\"history\\")], verbose_name=\\"kind\\"\\n            ),\\n        ),\\n        migrations.AlterField(\\n            \\"MigrationHistory\\",\\n            \\"outcome\\",\\n            models.TextField(\\n                choices=[\\n                    (\\"ok\\", \\"ok\\"),\\n                    (\\"failed\\", \\"failed\\"),\\n                    (\\"faked\\", \\"faked\\"),\\n                    (\\"accepted\\", \\"accepted\\"),\\n                    (\\"part\\", \\"in parts\\"),\\n                ],\\n                default=\\"ok\\",\\n                verbose_name=\\"outcome\\",\\n            ),\\n        ),\\n        migrations.RemoveConstraint(\\"MigrationHistory\\", \\"migration_history_kind_check\\"),\\n        # lintmigrations: M203 M305 the new rule lets more pass, and the history is short\\n        migrations.AddConstraint(\\n            \\"MigrationHistory\\",\\n            models.CheckConstraint(\\n                condition=models.Q((\\"kind__in\\", [\\"migrate\\", \\"seed\\", \\"history\\"])), name=\\"migration_history_kind_check\\"\\n            ),\\n        ),\\n        migrations.RemoveConstraint(\\"MigrationHistory\\", \\"migration_history_end_check\\"),\\n        # lintmigrations: M203 M305 the new rule lets more pass, and the history is short\\n        migrations.AddConstraint(\\n            \\"MigrationHistory\\",\\n            models.CheckConstraint(\\n                condition=models.Q((\\"outcome__in\\", [\\"ok\\", \\"failed\\", \\"faked\\", \\"accepted\\", \\"part\\"])),\\n                name=\\"migration_history_end_check\\",\\n            ),\\n        ),\\n        # The triggers come last: SQLite makes the table anew for each operation above, and loses them.\\n        RunPostgreSQL(MAKE, TAKE),\\n        RunSQLite(MAKE_SQLITE, TAKE_SQLITE),\\n    ]\\n"}
5	migrate	up	contenttypes	0001_initial	35ed8489a147e0b42a15c21b5d4f0e8940de6f73fb326e9d6dea91b4d0b953cc	auth_owner	migrator	2026-11-29 16:09:26.780043+00	00:00:00.010861	ok	bc5918b842bc		root			b082346f803c7240d0bf23b377e1dc2f01bcad683fe3a970042132cdd4778131	{"migrations/0001_initial.py": "import django.contrib.contenttypes.models\\nfrom django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = []\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"ContentType\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.AutoField(\\n                        verbose_name=\\"ID\\",\\n                        serialize=False,\\n                        auto_created=True,\\n                        primary_key=True,\\n                    ),\\n                ),\\n                (\\"name\\", models.CharField(max_length=100)),\\n                (\\"app_label\\", models.CharField(max_length=100)),\\n                (\\n                    \\"model\\",\\n                    models.CharField(\\n                        max_length=100, verbose_name=\\"python model class name\\"\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"ordering\\": (\\"name\\",),\\n                \\"db_table\\": \\"django_content_type\\",\\n                \\"verbose_name\\": \\"content type\\",\\n                \\"verbose_name_plural\\": \\"content types\\",\\n            },\\n            bases=(models.Model,),\\n            managers=[\\n                (\\"objects\\", django.contrib.contenttypes.models.ContentTypeManager()),\\n            ],\\n        ),\\n        migrations.AlterUniqueTogether(\\n            name=\\"contenttype\\",\\n            unique_together={(\\"app_label\\", \\"model\\")},\\n        ),\\n    ]\\n"}
6	migrate	up	contenttypes	0002_remove_content_type_name	7d36494075750f0ed3c0f68d0cb1548eba59cc593f52f691f6cc37a043083766	auth_owner	migrator	2026-11-29 16:09:26.798805+00	00:00:00.008636	ok	bc5918b842bc		root			f1271b75d43766a5ad2675112bc4412c1733932bf5ab294ef63463d340b147c5	{"migrations/0002_remove_content_type_name.py": "from django.db import migrations, models\\n\\n\\ndef add_legacy_name(apps, schema_editor):\\n    alias = schema_editor.connection.alias\\n    ContentType = apps.get_model(\\"contenttypes\\", \\"ContentType\\")\\n    for ct in ContentType.objects.using(alias):\\n        try:\\n            ct.name = apps.get_model(ct.app_label, ct.model)._meta.object_name\\n        except LookupError:\\n            ct.name = ct.model\\n        ct.save()\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"contenttypes\\", \\"0001_initial\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterModelOptions(\\n            name=\\"contenttype\\",\\n            options={\\n                \\"verbose_name\\": \\"content type\\",\\n                \\"verbose_name_plural\\": \\"content types\\",\\n            },\\n        ),\\n        migrations.AlterField(\\n            model_name=\\"contenttype\\",\\n            name=\\"name\\",\\n            field=models.CharField(max_length=100, null=True),\\n        ),\\n        migrations.RunPython(\\n            migrations.RunPython.noop,\\n            add_legacy_name,\\n            hints={\\"model_name\\": \\"contenttype\\"},\\n        ),\\n        migrations.RemoveField(\\n            model_name=\\"contenttype\\",\\n            name=\\"name\\",\\n        ),\\n    ]\\n"}
7	migrate	up	auth	0001_initial	845cff319606332f49ef20ce165d1a17e522c426c5e56d7616133e9e4eaba5ef	auth_owner	migrator	2026-11-29 16:09:26.809425+00	00:00:00.038112	ok	bc5918b842bc		root			6798c102f1687ea0d60ac0ad607c13f890440454c5381854102aef7c25e2905a	{"migrations/0001_initial.py": "import django.contrib.auth.models\\nfrom django.contrib.auth import validators\\nfrom django.db import migrations, models\\nfrom django.utils import timezone\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"contenttypes\\", \\"__first__\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Permission\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.AutoField(\\n                        verbose_name=\\"ID\\",\\n                        serialize=False,\\n                        auto_created=True,\\n                        primary_key=True,\\n                    ),\\n                ),\\n                (\\"name\\", models.CharField(max_length=50, verbose_name=\\"name\\")),\\n                (\\n                    \\"content_type\\",\\n                    models.ForeignKey(\\n                        to=\\"contenttypes.ContentType\\",\\n                        on_delete=models.CASCADE,\\n                        verbose_name=\\"content type\\",\\n                    ),\\n                ),\\n                (\\"codename\\", models.CharField(max_length=100, verbose_name=\\"codename\\")),\\n            ],\\n            options={\\n                \\"ordering\\": [\\n                    \\"content_type__app_label\\",\\n                    \\"content_type__model\\",\\n                    \\"codename\\",\\n                ],\\n                \\"unique_together\\": {(\\"content_type\\", \\"codename\\")},\\n                \\"verbose_name\\": \\"permission\\",\\n                \\"verbose_name_plural\\": \\"permissions\\",\\n            },\\n            managers=[\\n                (\\"objects\\", django.contrib.auth.models.PermissionManager()),\\n            ],\\n        ),\\n        migrations.CreateModel(\\n            name=\\"Group\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.AutoField(\\n                        verbose_name=\\"ID\\",\\n                        serialize=False,\\n                        auto_created=True,\\n                        primary_key=True,\\n                    ),\\n                ),\\n                (\\n                    \\"name\\",\\n                    models.CharField(unique=True, max_length=80, verbose_name=\\"name\\"),\\n                ),\\n                (\\n                    \\"permissions\\",\\n                    models.ManyToManyField(\\n                        to=\\"auth.Permission\\", verbose_name=\\"permissions\\", blank=True\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"group\\",\\n                \\"verbose_name_plural\\": \\"groups\\",\\n            },\\n            managers=[\\n                (\\"objects\\", django.contrib.auth.models.GroupManager()),\\n            ],\\n        ),\\n        migrations.CreateModel(\\n            name=\\"User\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.AutoField(\\n                        verbose_name=\\"ID\\",\\n                        serialize=False,\\n                        auto_created=True,\\n                        primary_key=True,\\n                    ),\\n                ),\\n                (\\"password\\", models.CharField(max_length=128, verbose_name=\\"password\\")),\\n                (\\n                    \\"last_login\\",\\n                    models.DateTimeField(\\n                        default=timezone.now, verbose_name=\\"last login\\"\\n                    ),\\n                ),\\n                (\\n                    \\"is_superuser\\",\\n                    models.BooleanField(\\n                        default=False,\\n                        help_text=(\\n                            \\"Designates that this user has all permissions without \\"\\n                            \\"explicitly assigning them.\\"\\n                        ),\\n                        verbose_name=\\"superuser status\\",\\n                    ),\\n                ),\\n                (\\n                    \\"username\\",\\n                    models.CharField(\\n                        help_text=(\\n                            \\"Required. 30 characters or fewer. Letters, digits and \\"\\n                            \\"@/./+/-/_ only.\\"\\n                        ),\\n                        unique=True,\\n                        max_length=30,\\n                        verbose_name=\\"username\\",\\n                        validators=[validators.UnicodeUsernameValidator()],\\n                    ),\\n                ),\\n                (\\n                    \\"first_name\\",\\n                    models.CharField(\\n                        max_length=30, verbose_name=\\"first name\\", blank=True\\n                    ),\\n                ),\\n                (\\n                    \\"last_name\\",\\n                    models.CharField(\\n                        max_length=30, verbose_name=\\"last name\\", blank=True\\n                    ),\\n                ),\\n                (\\n                    \\"email\\",\\n                    models.EmailField(\\n                        max_length=75, verbose_name=\\"email address\\", blank=True\\n                    ),\\n                ),\\n                (\\n                    \\"is_staff\\",\\n                    models.BooleanField(\\n                        default=False,\\n                        help_text=(\\n                            \\"Designates whether the user can log into this admin site.\\"\\n                        ),\\n                        verbose_name=\\"staff status\\",\\n                    ),\\n                ),\\n                (\\n                    \\"is_active\\",\\n                    models.BooleanField(\\n                        default=True,\\n                        verbose_name=\\"active\\",\\n                        help_text=(\\n                            \\"Designates whether this user should be treated as active. \\"\\n                            \\"Unselect this instead of deleting accounts.\\"\\n                        ),\\n                    ),\\n                ),\\n                (\\n                    \\"date_joined\\",\\n                    models.DateTimeField(\\n                        default=timezone.now, verbose_name=\\"date joined\\"\\n                    ),\\n                ),\\n                (\\n                    \\"groups\\",\\n                    models.ManyToManyField(\\n                        to=\\"auth.Group\\",\\n                        verbose_name=\\"groups\\",\\n                        blank=True,\\n                        related_name=\\"user_set\\",\\n                        related_query_name=\\"user\\",\\n                        help_text=(\\n                            \\"The groups this user belongs to. A user will get all \\"\\n                            \\"permissions granted to each of their groups.\\"\\n                        ),\\n                    ),\\n                ),\\n                (\\n                    \\"user_permissions\\",\\n                    models.ManyToManyField(\\n                        to=\\"auth.Permission\\",\\n                        verbose_name=\\"user permissions\\",\\n                        blank=True,\\n                        help_text=\\"Specific permissions for this user.\\",\\n                        related_name=\\"user_set\\",\\n                        related_query_name=\\"user\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"swappable\\": \\"AUTH_USER_MODEL\\",\\n                \\"verbose_name\\": \\"user\\",\\n                \\"verbose_name_plural\\": \\"users\\",\\n            },\\n            managers=[\\n                (\\"objects\\", django.contrib.auth.models.UserManager()),\\n            ],\\n        ),\\n    ]\\n"}
8	migrate	up	auth	0002_alter_permission_name_max_length	feaf97e0e8f7d148bec3db9bab2349c5e15888117c1ff2829deff63ef9e16cff	auth_owner	migrator	2026-11-29 16:09:26.850379+00	00:00:00.005819	ok	bc5918b842bc		root			df7e20fc9e9c4c9ad132732d67d3cecb64caf36d5ad1a3a3bd9b2468e0dc9cc3	{"migrations/0002_alter_permission_name_max_length.py": "from django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0001_initial\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"permission\\",\\n            name=\\"name\\",\\n            field=models.CharField(max_length=255, verbose_name=\\"name\\"),\\n        ),\\n    ]\\n"}
9	migrate	up	auth	0003_alter_user_email_max_length	9d5657b4db9872dc26c2d634c2f5911a3d69ab1d8552af4c6d633bc4001dfabf	auth_owner	migrator	2026-11-29 16:09:26.857985+00	00:00:00.006047	ok	bc5918b842bc		root			ad3628a73d6b665be21efde0262245bb6120f8a401cd7f6f83ad77e64eff630c	{"migrations/0003_alter_user_email_max_length.py": "from django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0002_alter_permission_name_max_length\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"user\\",\\n            name=\\"email\\",\\n            field=models.EmailField(\\n                max_length=254, verbose_name=\\"email address\\", blank=True\\n            ),\\n        ),\\n    ]\\n"}
10	migrate	up	auth	0004_alter_user_username_opts	9538db342c9a9bec4ca12b3137fb80772c4ea4afb861e8647a2962b1ea58344a	auth_owner	migrator	2026-11-29 16:09:26.865753+00	00:00:00.005994	ok	bc5918b842bc		root			a533db9c10cc7e7da3929d79cc084a04c6986ae67c59979966945a2242d584ea	{"migrations/0004_alter_user_username_opts.py": "from django.contrib.auth import validators\\nfrom django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0003_alter_user_email_max_length\\"),\\n    ]\\n\\n    # No database changes; modifies validators and error_messages (#13147).\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"user\\",\\n            name=\\"username\\",\\n            field=models.CharField(\\n                error_messages={\\"unique\\": \\"A user with that username already exists.\\"},\\n                max_length=30,\\n                validators=[validators.UnicodeUsernameValidator()],\\n                help_text=(\\n                    \\"Required. 30 characters or fewer. Letters, digits and @/./+/-/_ \\"\\n                    \\"only.\\"\\n                ),\\n                unique=True,\\n                verbose_name=\\"username\\",\\n            ),\\n        ),\\n    ]\\n"}
11	migrate	up	auth	0005_alter_user_last_login_null	79f60a35dc000fdd427bc05c85233ae5b9c4ada078ff0688fc9f78604bf7eaee	auth_owner	migrator	2026-11-29 16:09:26.874234+00	00:00:00.005919	ok	bc5918b842bc		root			c3b6a160b8d13a19e47ef4670c4a1a89329ae29cf4ac04916befb92271922bf7	{"migrations/0005_alter_user_last_login_null.py": "from django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0004_alter_user_username_opts\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"user\\",\\n            name=\\"last_login\\",\\n            field=models.DateTimeField(\\n                null=True, verbose_name=\\"last login\\", blank=True\\n            ),\\n        ),\\n    ]\\n"}
12	migrate	up	auth	0006_require_contenttypes_0002	00cb16e3405f14b62dbeffa15c68c9030291e4ddd513d733648ba460d6c5e781	auth_owner	migrator	2026-11-29 16:09:26.881929+00	00:00:00.001031	ok	bc5918b842bc		root			bd8dfaa4b6688ec7da90735b6402773024f048fac0a548cd87a81e659b9a0939	{"migrations/0006_require_contenttypes_0002.py": "from django.db import migrations\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0005_alter_user_last_login_null\\"),\\n        (\\"contenttypes\\", \\"0002_remove_content_type_name\\"),\\n    ]\\n\\n    operations = [\\n        # Ensure the contenttypes migration is applied before sending\\n        # post_migrate signals (which create ContentTypes).\\n    ]\\n"}
13	migrate	up	auth	0007_alter_validators_add_error_messages	115db87dc327530fb5e1964ba3d03f9746492f90600406947be39f54f6cc042f	auth_owner	migrator	2026-11-29 16:09:26.8845+00	00:00:00.005924	ok	bc5918b842bc		root			d03d41cb67ccaf4a7ecff7a987dccb8db4828b696e986a6f8cbbffed7d3a2f30	{"migrations/0007_alter_validators_add_error_messages.py": "from django.contrib.auth import validators\\nfrom django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0006_require_contenttypes_0002\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"user\\",\\n            name=\\"username\\",\\n            field=models.CharField(\\n                error_messages={\\"unique\\": \\"A user with that username already exists.\\"},\\n                help_text=(\\n                    \\"Required. 30 characters or fewer. Letters, digits and @/./+/-/_ \\"\\n                    \\"only.\\"\\n                ),\\n                max_length=30,\\n                unique=True,\\n                validators=[validators.UnicodeUsernameValidator()],\\n                verbose_name=\\"username\\",\\n            ),\\n        ),\\n    ]\\n"}
14	migrate	up	auth	0008_alter_user_username_max_length	02857f65f7d648147a5d12596b200a83e29145391d3f986ceb84b3b865a2c351	auth_owner	migrator	2026-11-29 16:09:26.892089+00	00:00:00.00589	ok	bc5918b842bc		root			36ca10c031fff1fb8b5b88ce11251f62ca1b4447c705a3c4da9e624da265aca9	{"migrations/0008_alter_user_username_max_length.py": "from django.contrib.auth import validators\\nfrom django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0007_alter_validators_add_error_messages\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"user\\",\\n            name=\\"username\\",\\n            field=models.CharField(\\n                error_messages={\\"unique\\": \\"A user with that username already exists.\\"},\\n                help_text=(\\n                    \\"Required. 150 characters or fewer. Letters, digits and @/./+/-/_ \\"\\n                    \\"only.\\"\\n                ),\\n                max_length=150,\\n                unique=True,\\n                validators=[validators.UnicodeUsernameValidator()],\\n                verbose_name=\\"username\\",\\n            ),\\n        ),\\n    ]\\n"}
15	migrate	up	auth	0009_alter_user_last_name_max_length	19a89500e7f108a7397da9b1733181f92105f758663b3685b60f5c2da384d76e	auth_owner	migrator	2026-11-29 16:09:26.899689+00	00:00:00.005822	ok	bc5918b842bc		root			3c643d187e47226be88a81d2fbbdf88338a6d08631d8bda283c869cd3f537736	{"migrations/0009_alter_user_last_name_max_length.py": "from django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0008_alter_user_username_max_length\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"user\\",\\n            name=\\"last_name\\",\\n            field=models.CharField(\\n                blank=True, max_length=150, verbose_name=\\"last name\\"\\n            ),\\n        ),\\n    ]\\n"}
16	migrate	up	auth	0010_alter_group_name_max_length	0963ed6498ac0b3a8430b6ca34c1b4a4b1d5f55b43d3db902f15a03ff74b14cd	auth_owner	migrator	2026-11-29 16:09:26.907116+00	00:00:00.00618	ok	bc5918b842bc		root			7feb69561b97aa9796ae846fcb21bd602ac88ae1f99331ff632d532b9dc352ca	{"migrations/0010_alter_group_name_max_length.py": "from django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0009_alter_user_last_name_max_length\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"group\\",\\n            name=\\"name\\",\\n            field=models.CharField(max_length=150, unique=True, verbose_name=\\"name\\"),\\n        ),\\n    ]\\n"}
17	migrate	up	auth	0011_update_proxy_permissions	85a5dde708dc4b6111e1bc71ce723ecfba7b1f8aedecfd130900ff7782765436	auth_owner	migrator	2026-11-29 16:09:26.914866+00	00:00:00.008879	ok	bc5918b842bc		root			22d79705c7c181df2a065239473642cbbfa110cd32ac6da8a1b0e9abc5d4f4f7	{"migrations/0011_update_proxy_permissions.py": "import sys\\n\\nfrom django.core.management.color import color_style\\nfrom django.db import IntegrityError, migrations, transaction\\nfrom django.db.models import Q\\n\\nWARNING = \\"\\"\\"\\n    A problem arose migrating proxy model permissions for {old} to {new}.\\n\\n      Permission(s) for {new} already existed.\\n      Codenames Q: {query}\\n\\n    Ensure to audit ALL permissions for {old} and {new}.\\n\\"\\"\\"\\n\\n\\ndef update_proxy_model_permissions(apps, schema_editor, reverse=False):\\n    \\"\\"\\"\\n    Update the content_type of proxy model permissions to use the ContentType\\n    of the proxy model.\\n    \\"\\"\\"\\n    style = color_style()\\n    Permission = apps.get_model(\\"auth\\", \\"Permission\\")\\n    ContentType = apps.get_model(\\"contenttypes\\", \\"ContentType\\")\\n    alias = schema_editor.connection.alias\\n    for Model in apps.get_models():\\n        opts = Model._meta\\n        if not opts.proxy:\\n            continue\\n        proxy_default_permissions_codenames = [\\n            \\"%s_%s\\" % (action, opts.model_name) for action in opts.default_permissions\\n        ]\\n        permissions_query = Q(codename__in=proxy_default_permissions_codenames)\\n        for codename, name in opts.permissions:\\n            permissions_query |= Q(codename=codename, name=name)\\n        content_type_manager = ContentType.objects.db_manager(alias)\\n        concrete_content_type = content_type_manager.get_for_model(\\n            Model, for_concrete_model=True\\n        )\\n        proxy_content_type = content_type_manager.get_for_model(\\n            Model, for_concrete_model=False\\n        )\\n        old_content_type = proxy_content_type if reverse else concrete_content_type\\n        new_content_type = concrete_content_type if reverse else proxy_content_type\\n        try:\\n            with transaction.atomic(using=alias):\\n                Permission.objects.using(alias).filter(\\n                    permissions_query,\\n                    content_type=old_content_type,\\n                ).update(content_type=new_content_type)\\n        except IntegrityError:\\n            old = \\"{}_{}\\".format(old_content_type.app_label, old_content_type.model)\\n            new = \\"{}_{}\\".format(new_content_type.app_label, new_content_type.model)\\n            sys.stdout.write(\\n                style.WARNING(WARNING.format(old=old, new=new, query=permissions_query))\\n            )\\n\\n\\ndef revert_proxy_model_permissions(apps, schema_editor):\\n    \\"\\"\\"\\n    Update the content_type of proxy model permissions to use the ContentType\\n    of the concrete model.\\n    \\"\\"\\"\\n    update_proxy_model_permissions(apps, schema_editor, reverse=True)\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0010_alter_group_name_max_length\\"),\\n        (\\"contenttypes\\", \\"0002_remove_content_type_name\\"),\\n    ]\\n    operations = [\\n        migrations.RunPython(\\n            update_proxy_model_permissions, revert_proxy_model_permissions\\n        ),\\n    ]\\n"}
18	migrate	up	auth	0012_alter_user_first_name_max_length	6cefbc9f80903763ff8492a537a22836ef69f2227e19d402509b8099d2baecb0	auth_owner	migrator	2026-11-29 16:09:26.925539+00	00:00:00.00558	ok	bc5918b842bc		root			2b743e2bd34740fbc9637896108971b70237744798ead34010ed6dcd762fe269	{"migrations/0012_alter_user_first_name_max_length.py": "from django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth\\", \\"0011_update_proxy_permissions\\"),\\n    ]\\n\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"user\\",\\n            name=\\"first_name\\",\\n            field=models.CharField(\\n                blank=True, max_length=150, verbose_name=\\"first name\\"\\n            ),\\n        ),\\n    ]\\n"}
19	migrate	up	auth_app	0001_user	d877e26e093c8fc94967e9f57bc95283efede094820823fdac5de621f696b71a	auth_owner	migrator	2026-11-29 16:09:26.932675+00	00:00:00.036834	ok	bc5918b842bc		root			b57747122f11a1800269abbc19bf7c7e3e035c34bc17fb6a9d1490f4159c9570	{"migrations/0001_user.py": "\\"\\"\\"Create auth.user.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.db.models.functions.datetime\\nimport django.db.models.functions.text\\nimport django.utils.timezone\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    initial = True\\n\\n    dependencies = [\\n        (\\"auth\\", \\"0012_alter_user_first_name_max_length\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"User\\",\\n            fields=[\\n                (\\"password\\", models.CharField(max_length=128, verbose_name=\\"password\\")),\\n                (\\"last_login\\", models.DateTimeField(blank=True, null=True, verbose_name=\\"last login\\")),\\n                (\\n                    \\"is_superuser\\",\\n                    models.BooleanField(\\n                        default=False,\\n                        help_text=\\"Designates that this user has all permissions without explicitly assigning them.\\",\\n                        verbose_name=\\"superuser status\\",\\n                    ),\\n                ),\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\"email\\", models.EmailField(max_length=254, verbose_name=\\"e-mail address\\")),\\n                (\\n                    \\"display_name\\",\\n                    models.CharField(\\n                        blank=True, db_default=\\"\\", default=\\"\\", max_length=150, verbose_name=\\"display name\\"\\n                    ),\\n                ),\\n                (\\n                    \\"is_active\\",\\n                    models.BooleanField(\\n                        db_default=True,\\n                        default=True,\\n                        help_text=\\"Untick this instead of deleting an account.\\",\\n                        verbose_name=\\"active\\",\\n                    ),\\n                ),\\n                (\\n                    \\"is_staff\\",\\n                    models.BooleanField(\\n                        db_default=False,\\n                        default=False,\\n                        help_text=\\"May sign in to the admin site.\\",\\n                        verbose_name=\\"staff\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"updated_at\\",\\n                    models.DateTimeField(\\n                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name=\\"updated\\"\\n                    ),\\n                ),\\n                (\\n                    \\"groups\\",\\n                    models.ManyToManyField(\\n                        blank=True,\\n                        help_text=\\"The groups this user belongs to. A user will get all permissions granted to each of their groups.\\",\\n                        related_name=\\"user_set\\",\\n                        related_query_name=\\"user\\",\\n                        to=\\"auth.group\\",\\n                        verbose_name=\\"groups\\",\\n                    ),\\n                ),\\n                (\\n                    \\"user_permissions\\",\\n                    models.ManyToManyField(\\n                        blank=True,\\n                        help_text=\\"Specific permissions for this user.\\",\\n                        related_name=\\"user_set\\",\\n                        related_query_name=\\"user\\",\\n                        to=\\"auth.permission\\",\\n                        verbose_name=\\"user permissions\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"user\\",\\n                \\"verbose_name_plural\\": \\"users\\",\\n                \\"db_table\\": \\"auth.user\\",\\n                \\"ordering\\": [\\"email\\"],\\n                \\"indexes\\": [models.Index(fields=[\\"-created_at\\"], name=\\"user_created_at_idx\\")],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"email\\",),\\n                        name=\\"user_email_uniq\\",\\n                        violation_error_message=\\"A user with this e-mail address exists.\\",\\n                    ),\\n                    models.UniqueConstraint(\\n                        django.db.models.functions.text.Lower(\\"email\\"),\\n                        name=\\"user_email_lower_uniq\\",\\n                        violation_error_message=\\"A user with this e-mail address in another spelling of case exists.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"email__contains\\", \\"@\\")),\\n                        name=\\"user_email_check\\",\\n                        violation_error_message=\\"An e-mail address has an @.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
20	migrate	up	admin	0001_initial	f4716989d9815b6231f0d7291754835e008c96818447fe57984bbf8985883335	auth_owner	migrator	2026-11-29 16:09:26.972203+00	00:00:00.019667	ok	bc5918b842bc		root			417c53b7e96a8d7efdefca8a37b7430a2c32fc793888c79cb1816f67a40bf4f6	{"migrations/0001_initial.py": "import django.contrib.admin.models\\nfrom django.conf import settings\\nfrom django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        migrations.swappable_dependency(settings.AUTH_USER_MODEL),\\n        (\\"contenttypes\\", \\"__first__\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"LogEntry\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.AutoField(\\n                        verbose_name=\\"ID\\",\\n                        serialize=False,\\n                        auto_created=True,\\n                        primary_key=True,\\n                    ),\\n                ),\\n                (\\n                    \\"action_time\\",\\n                    models.DateTimeField(auto_now=True, verbose_name=\\"action time\\"),\\n                ),\\n                (\\n                    \\"object_id\\",\\n                    models.TextField(null=True, verbose_name=\\"object id\\", blank=True),\\n                ),\\n                (\\n                    \\"object_repr\\",\\n                    models.CharField(max_length=200, verbose_name=\\"object repr\\"),\\n                ),\\n                (\\n                    \\"action_flag\\",\\n                    models.PositiveSmallIntegerField(verbose_name=\\"action flag\\"),\\n                ),\\n                (\\n                    \\"change_message\\",\\n                    models.TextField(verbose_name=\\"change message\\", blank=True),\\n                ),\\n                (\\n                    \\"content_type\\",\\n                    models.ForeignKey(\\n                        on_delete=models.SET_NULL,\\n                        blank=True,\\n                        null=True,\\n                        to=\\"contenttypes.ContentType\\",\\n                        verbose_name=\\"content type\\",\\n                    ),\\n                ),\\n                (\\n                    \\"user\\",\\n                    models.ForeignKey(\\n                        to=settings.AUTH_USER_MODEL,\\n                        on_delete=models.CASCADE,\\n                        verbose_name=\\"user\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"ordering\\": [\\"-action_time\\"],\\n                \\"db_table\\": \\"django_admin_log\\",\\n                \\"verbose_name\\": \\"log entry\\",\\n                \\"verbose_name_plural\\": \\"log entries\\",\\n            },\\n            bases=(models.Model,),\\n            managers=[\\n                (\\"objects\\", django.contrib.admin.models.LogEntryManager()),\\n            ],\\n        ),\\n    ]\\n"}
21	migrate	up	admin	0002_logentry_remove_auto_add	2c127e659a2236edea0ed57eccd38786ae84e365790a80b96b758c617f50be43	auth_owner	migrator	2026-11-29 16:09:26.995109+00	00:00:00.00923	ok	bc5918b842bc		root			f9fcc5337b46b3172be25e6dab7b03dbf7e21d13ec8060598a427d2beab5e1f4	{"migrations/0002_logentry_remove_auto_add.py": "from django.db import migrations, models\\nfrom django.utils import timezone\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"admin\\", \\"0001_initial\\"),\\n    ]\\n\\n    # No database changes; removes auto_add and adds default/editable.\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"logentry\\",\\n            name=\\"action_time\\",\\n            field=models.DateTimeField(\\n                verbose_name=\\"action time\\",\\n                default=timezone.now,\\n                editable=False,\\n            ),\\n        ),\\n    ]\\n"}
22	migrate	up	admin	0003_logentry_add_action_flag_choices	02700a827190720e5c417495a395071b6baa28a34e74bc8f90824afaafc01841	auth_owner	migrator	2026-11-29 16:09:27.006286+00	00:00:00.009607	ok	bc5918b842bc		root			770af4cbb0681b320c3a1568c2798a64079b478ae20b4af3f3b1a109dff75988	{"migrations/0003_logentry_add_action_flag_choices.py": "from django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"admin\\", \\"0002_logentry_remove_auto_add\\"),\\n    ]\\n\\n    # No database changes; adds choices to action_flag.\\n    operations = [\\n        migrations.AlterField(\\n            model_name=\\"logentry\\",\\n            name=\\"action_flag\\",\\n            field=models.PositiveSmallIntegerField(\\n                choices=[(1, \\"Addition\\"), (2, \\"Change\\"), (3, \\"Deletion\\")],\\n                verbose_name=\\"action flag\\",\\n            ),\\n        ),\\n    ]\\n"}
23	migrate	up	auth_app	0002_session	e368c0662d869979efd4809f1fc3e13b7c6705fdfd5e27a2a7ea4b60efdf3d44	auth_owner	migrator	2026-11-29 16:09:27.01769+00	00:00:00.021215	ok	bc5918b842bc		root			989481b81dbe74359a72862edf593cf10ec661653bfee72c605f784a0225e42b	{"migrations/0002_session.py": "\\"\\"\\"Create auth.session.\\"\\"\\"\\n\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.utils.timezone\\nfrom django.conf import settings\\nfrom django.db import migrations, models\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth_app\\", \\"0001_user\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Session\\",\\n            fields=[\\n                (\\n                    \\"session_key\\",\\n                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name=\\"session key\\"),\\n                ),\\n                (\\"session_data\\", models.TextField(verbose_name=\\"session data\\")),\\n                (\\"expire_date\\", models.DateTimeField(verbose_name=\\"expires\\")),\\n                (\\n                    \\"user\\",\\n                    models.ForeignKey(\\n                        blank=True,\\n                        db_index=False,\\n                        help_text=\\"Empty until someone signs in.\\",\\n                        null=True,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"sessions\\",\\n                        to=settings.AUTH_USER_MODEL,\\n                        verbose_name=\\"user\\",\\n                    ),\\n                ),\\n                (\\"ip_address\\", models.GenericIPAddressField(blank=True, null=True, verbose_name=\\"IP address\\")),\\n                (\\"user_agent\\", models.TextField(blank=True, db_default=\\"\\", default=\\"\\", verbose_name=\\"user agent\\")),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"last_seen_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        help_text=\\"To the minute.\\",\\n                        verbose_name=\\"last seen\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"session\\",\\n                \\"verbose_name_plural\\": \\"sessions\\",\\n                \\"db_table\\": \\"auth.session\\",\\n                \\"indexes\\": [\\n                    models.Index(fields=[\\"expire_date\\"], name=\\"session_expire_date_idx\\"),\\n                    models.Index(fields=[\\"user\\", \\"-last_seen_at\\"], name=\\"session_user_last_seen_at_idx\\"),\\n                    models.Index(fields=[\\"-last_seen_at\\"], name=\\"session_last_seen_at_idx\\"),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
37	migrate	up	tenancy	0001_tenant	7a21f1799f665216d34d468ffbd05995a970a6e374d5aef110c803560eb31440	app_owner	migrator	2026-11-29 16:09:27.322717+00	00:00:00.005653	ok	bc5918b842bc		root			d4f1637ff14e00a8ab343257351bd1b0dd9f31311024f204adcb0f9fc5b3f711	{"migrations/0001_tenant.py": "\\"\\"\\"Create app.tenants.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.core.validators\\nimport django.db.models.functions.datetime\\nimport django.utils.timezone\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    initial = True\\n\\n    dependencies = []\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Tenant\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\"name\\", models.CharField(max_length=150, verbose_name=\\"name\\")),\\n                (\\n                    \\"slug\\",\\n                    models.SlugField(\\n                        db_index=False,\\n                        max_length=80,\\n                        validators=[\\n                            django.core.validators.RegexValidator(\\n                                \\"^[a-z0-9]+(-[a-z0-9]+)*\\\\\\\\Z\\",\\n                                \\"Enter lower-case letters a to z and digits, joined by single hyphens, such as mobile-phones.\\",\\n                            )\\n                        ],\\n                        verbose_name=\\"slug\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"updated_at\\",\\n                    models.DateTimeField(\\n                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name=\\"updated\\"\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"tenant\\",\\n                \\"verbose_name_plural\\": \\"tenants\\",\\n                \\"db_table\\": \\"app.tenants\\",\\n                \\"ordering\\": [\\"slug\\"],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"slug\\",),\\n                        name=\\"tenants_slug_uniq\\",\\n                        violation_error_message=\\"A tenant with this slug exists.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"slug__regex\\", \\"^[a-z0-9]+(-[a-z0-9]+)*\\\\\\\\Z\\")),\\n                        name=\\"tenants_slug_check\\",\\n                        violation_error_message=\\"The slug is lower-case letters and digits, joined by single hyphens.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"name\\", \\"\\"), _negated=True),\\n                        name=\\"tenants_name_check\\",\\n                        violation_error_message=\\"The name can't be empty.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
24	migrate	up	auth_app	0003_oauth_account	dc8e1fa7f669f009bf09a7dcdffa9778be3796b4a3789b7425a677741581ee8d	auth_owner	migrator	2026-11-29 16:09:27.041168+00	00:00:00.024004	ok	bc5918b842bc		root			dcedfad449b38a92a3cab7e6963301e0a5f221379386ded9a43a94babaa5e948	{"migrations/0003_oauth_account.py": "\\"\\"\\"Create auth.oauth_account.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.db.models.lookups\\nimport django.utils.timezone\\nfrom django.conf import settings\\nfrom django.db import migrations, models\\n\\nimport freehold.documents\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth_app\\", \\"0002_session\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"OAuthAccount\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"user\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"oauth_accounts\\",\\n                        to=settings.AUTH_USER_MODEL,\\n                        verbose_name=\\"user\\",\\n                    ),\\n                ),\\n                (\\n                    \\"provider\\",\\n                    models.CharField(help_text=\\"Such as google or github.\\", max_length=50, verbose_name=\\"provider\\"),\\n                ),\\n                (\\n                    \\"subject\\",\\n                    models.CharField(\\n                        help_text=\\"What the provider calls the user; it never changes (claim `sub`).\\",\\n                        max_length=255,\\n                        verbose_name=\\"subject\\",\\n                    ),\\n                ),\\n                (\\n                    \\"email\\",\\n                    models.EmailField(\\n                        blank=True, db_default=\\"\\", default=\\"\\", max_length=254, verbose_name=\\"e-mail address\\"\\n                    ),\\n                ),\\n                (\\n                    \\"data\\",\\n                    models.JSONField(\\n                        blank=True,\\n                        db_default=models.Value({}, models.JSONField()),\\n                        default=dict,\\n                        help_text=\\"What the provider told about the user. No tokens.\\",\\n                        validators=[freehold.documents.validate_object],\\n                        verbose_name=\\"data\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\"last_login_at\\", models.DateTimeField(blank=True, null=True, verbose_name=\\"last sign-in\\")),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"OAuth account\\",\\n                \\"verbose_name_plural\\": \\"OAuth accounts\\",\\n                \\"db_table\\": \\"auth.oauth_account\\",\\n                \\"indexes\\": [\\n                    models.Index(fields=[\\"user\\"], name=\\"oauth_account_user_idx\\"),\\n                    models.Index(fields=[\\"-created_at\\"], name=\\"oauth_account_created_at_idx\\"),\\n                ],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"provider\\", \\"subject\\"),\\n                        name=\\"oauth_account_subject_uniq\\",\\n                        violation_error_message=\\"This account of the provider is linked already.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            models.Q((\\"provider\\", \\"\\"), _negated=True), models.Q((\\"subject\\", \\"\\"), _negated=True)\\n                        ),\\n                        name=\\"oauth_account_subject_check\\",\\n                        violation_error_message=\\"Provider and subject can't be empty.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            django.db.models.lookups.Exact(freehold.documents.JSONType(\\"data\\"), models.Value(\\"object\\"))\\n                        ),\\n                        name=\\"oauth_account_data_check\\",\\n                        violation_error_message=\\"Data is a JSON object.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
25	migrate	up	auth_app	0004_phone_verification	096ae54be34b7994aa4b41a4895a5707ef29875b249b76cbe32d5af6c7d88198	auth_owner	migrator	2026-11-29 16:09:27.067813+00	00:00:00.028456	ok	bc5918b842bc		root			6a1b0ce8dbeac50511984b8b3553edb24e776075a58d5a10c5898f2ce8746414	{"migrations/0004_phone_verification.py": "\\"\\"\\"Create auth.phone_verifications.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.core.validators\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.utils.timezone\\nfrom django.conf import settings\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth_app\\", \\"0003_oauth_account\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"PhoneVerification\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"user\\",\\n                    models.ForeignKey(\\n                        blank=True,\\n                        db_index=False,\\n                        help_text=\\"Empty where the number belongs to nobody yet.\\",\\n                        null=True,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"phone_verifications\\",\\n                        to=settings.AUTH_USER_MODEL,\\n                        verbose_name=\\"user\\",\\n                    ),\\n                ),\\n                (\\n                    \\"number\\",\\n                    models.CharField(\\n                        help_text=\\"In international form (E.164), such as +4930901820.\\",\\n                        max_length=16,\\n                        validators=[\\n                            django.core.validators.RegexValidator(\\n                                \\"^\\\\\\\\+[1-9][0-9]{6,14}\\\\\\\\Z\\",\\n                                \\"Enter the number in international form, such as +4930901820.\\",\\n                            )\\n                        ],\\n                        verbose_name=\\"number\\",\\n                    ),\\n                ),\\n                (\\"code_hash\\", models.CharField(max_length=128, verbose_name=\\"code hash\\")),\\n                (\\n                    \\"purpose\\",\\n                    models.CharField(\\n                        choices=[\\n                            (\\"sign_in\\", \\"sign in\\"),\\n                            (\\"verify\\", \\"verify the number\\"),\\n                            (\\"reset\\", \\"reset the password\\"),\\n                        ],\\n                        max_length=10,\\n                        verbose_name=\\"purpose\\",\\n                    ),\\n                ),\\n                (\\n                    \\"attempts\\",\\n                    models.SmallIntegerField(\\n                        db_default=0,\\n                        default=0,\\n                        help_text=\\"How often a wrong code was entered.\\",\\n                        validators=[django.core.validators.MinValueValidator(0)],\\n                        verbose_name=\\"attempts\\",\\n                    ),\\n                ),\\n                (\\"expires_at\\", models.DateTimeField(verbose_name=\\"expires\\")),\\n                (\\"used_at\\", models.DateTimeField(blank=True, null=True, verbose_name=\\"used\\")),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"phone verification\\",\\n                \\"verbose_name_plural\\": \\"phone verifications\\",\\n                \\"db_table\\": \\"auth.phone_verifications\\",\\n                \\"indexes\\": [\\n                    models.Index(fields=[\\"user\\"], name=\\"phone_verif_user_idx\\"),\\n                    models.Index(fields=[\\"-created_at\\"], name=\\"phone_verif_created_at_idx\\"),\\n                    models.Index(fields=[\\"expires_at\\"], name=\\"phone_verif_expires_at_idx\\"),\\n                ],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        condition=models.Q((\\"used_at__isnull\\", True)),\\n                        fields=(\\"number\\", \\"purpose\\"),\\n                        name=\\"phone_verif_open_uniq\\",\\n                        violation_error_message=\\"A code for this number and purpose is open already.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"number__regex\\", \\"^\\\\\\\\+[1-9][0-9]{6,14}\\\\\\\\Z\\")),\\n                        name=\\"phone_verif_number_check\\",\\n                        violation_error_message=\\"The number is in international form, such as +4930901820.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"purpose__in\\", [\\"sign_in\\", \\"verify\\", \\"reset\\"])),\\n                        name=\\"phone_verif_purpose_check\\",\\n                        violation_error_message=\\"The purpose is one of sign_in, verify, reset.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"attempts__gte\\", 0)),\\n                        name=\\"phone_verif_attempts_check\\",\\n                        violation_error_message=\\"Attempts are 0 or more.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"expires_at__gt\\", models.F(\\"created_at\\"))),\\n                        name=\\"phone_verif_expires_at_check\\",\\n                        violation_error_message=\\"A code expires after it was made.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"used_at__gte\\", models.F(\\"created_at\\"))),\\n                        name=\\"phone_verif_used_at_check\\",\\n                        violation_error_message=\\"A code is not used before it was made.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
26	migrate	up	auth_app	0005_groups	11dc39881f673c7b9685605067621fde1a98b498fa0f1c0440f6de76c8c80771	auth_owner	migrator	2026-11-29 16:09:27.098807+00	00:00:00.02432	ok	bc5918b842bc		root			3587df785ff1243a2fd6e32c68b90f0d95a59d5ecb52cdda1fee9caca0dc0f3f	{"migrations/0005_groups.py": "\\"\\"\\"Create the admin site's groups. Their permissions come from the ownership map after each `migrate`.\\"\\"\\"\\n\\nfrom django.apps.registry import Apps\\nfrom django.db import migrations\\nfrom django.db.backends.base.schema import BaseDatabaseSchemaEditor\\n\\nGROUPS = (\\"auth managers\\", \\"master editors\\", \\"app operators\\", \\"auditors\\")\\n\\n\\ndef create_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:\\n    groups = apps.get_model(\\"auth\\", \\"Group\\").objects.using(schema_editor.connection.alias)\\n    for name in GROUPS:\\n        groups.get_or_create(name=name)\\n\\n\\ndef delete_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:\\n    apps.get_model(\\"auth\\", \\"Group\\").objects.using(schema_editor.connection.alias).filter(name__in=GROUPS).delete()\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"auth_app\\", \\"0004_phone_verification\\"),\\n    ]\\n\\n    operations = [\\n        migrations.RunPython(create_groups, delete_groups, elidable=False),\\n    ]\\n"}
27	migrate	up	auth_app	0006_session_principal	19e857e20355dedffb2aaea49c0b69c60cfe00313173b4a85c564ca8dca88d9a	auth_owner	migrator	2026-11-29 16:09:27.125189+00	00:00:00.00324	ok	bc5918b842bc		root			8a137c1de5f1fba2237862b4e1a5d3e8c3d4801fe0a57a799b77bfe4afe0faee	{"migrations/0006_session_principal.py": "\\"\\"\\"Create auth.session_principal(text), which says whose a session is.\\"\\"\\"\\n\\nfrom django.db import migrations\\n\\nfrom freehold.operations import RunPostgreSQL\\n\\n# Owned by the schema's owner and run with its rights: a service that may call it needs to read neither sessions nor\\n# password hashes. The search_path is pinned, so that nothing a caller makes can stand in for what it names.\\nCREATE_PRINCIPAL = \\"\\"\\"\\nCREATE FUNCTION auth.session_principal(\\n    key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean\\n)\\nRETURNS SETOF record\\nLANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1\\nSET search_path = pg_catalog, pg_temp\\nAS $$\\n    SELECT u.id, u.email::text, u.display_name::text, u.is_active, u.is_staff\\n    FROM auth.session s\\n    JOIN auth.\\"user\\" u ON u.id = s.user_id\\n    WHERE s.session_key = key AND s.expire_date > pg_catalog.now() AND u.is_active\\n$$\\n\\"\\"\\"\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [(\\"auth_app\\", \\"0005_groups\\")]\\n\\n    operations = [\\n        RunPostgreSQL(CREATE_PRINCIPAL, \\"DROP FUNCTION auth.session_principal(text)\\"),\\n        RunPostgreSQL(\\"REVOKE EXECUTE ON FUNCTION auth.session_principal(text) FROM PUBLIC\\", \\"\\"),\\n    ]\\n"}
28	migrate	up	auth_app	0007_password_ends_sessions	2ccc689771560afce74fe54a70d8fa2ac29f09f456e5cf95a6166f0cb697a149	auth_owner	migrator	2026-11-29 16:09:27.129623+00	00:00:00.001953	ok	bc5918b842bc		root			39f01687c59c9bd1b74b2ad9afeaa82da07fdc43fff762be4e7dac178a30999c	{"migrations/0007_password_ends_sessions.py": "\\"\\"\\"End a user's sessions when the password changes, in the database.\\"\\"\\"\\n\\nfrom django.db import migrations\\n\\nfrom freehold.operations import RunPostgreSQL\\n\\n# Django ends a session whose user has another password by comparing hashes. What asks the function sees no hash, so\\n# the sessions end in the database; the one that changed the password gets a new key from Django just afterwards.\\nCREATE_END = \\"\\"\\"\\nCREATE FUNCTION auth.end_sessions() RETURNS trigger\\nLANGUAGE plpgsql\\nSET search_path = pg_catalog, pg_temp\\nAS $$\\nBEGIN\\n    DELETE FROM auth.session WHERE session.user_id = NEW.id;\\n    RETURN NULL;\\nEND\\n$$\\n\\"\\"\\"\\nCREATE_TRIGGER = \\"\\"\\"\\nCREATE TRIGGER user_password_ends_sessions AFTER UPDATE OF password ON auth.\\"user\\"\\nFOR EACH ROW WHEN (OLD.password IS DISTINCT FROM NEW.password) EXECUTE FUNCTION auth.end_sessions()\\n\\"\\"\\"\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [(\\"auth_app\\", \\"0006_session_principal\\")]\\n\\n    operations = [\\n        RunPostgreSQL(CREATE_END, \\"DROP FUNCTION auth.end_sessions()\\"),\\n        RunPostgreSQL(CREATE_TRIGGER, 'DROP TRIGGER user_password_ends_sessions ON auth.\\"user\\"'),\\n    ]\\n"}
29	migrate	up	auth_app	0008_session_user	a908681dbacca5787590b04ea5ab4cb0bb84705c982f49fd26e25b455b3df89e	auth_owner	migrator	2026-11-29 16:09:27.13309+00	00:00:00.003895	ok	bc5918b842bc		root			98b60a53973c94007c4b86ef17f58315dda2fb989c19ef4afa0032aed738f2a8	{"migrations/0008_session_user.py": "\\"\\"\\"Create auth.session_user(text), which gives the id of a session's user for a digest of the session's key.\\"\\"\\"\\n\\nfrom django.db import migrations\\n\\nfrom freehold.operations import RunPostgreSQL\\n\\n# The digest, since it stands in the same message as the first statement of a request, and so in the server's log where\\n# that statement is slow or fails: whoever reads it there can't sign in by it.\\nCREATE_INDEX = \\"\\"\\"\\nCREATE UNIQUE INDEX session_key_digest_idx ON auth.session (pg_catalog.encode(pg_catalog.sha256(session_key::bytea), 'hex'))\\n\\"\\"\\"\\n# As session_principal, which gives more: the id alone costs half, and is what policies need.\\nCREATE_USER = \\"\\"\\"\\nCREATE FUNCTION auth.session_user(digest text) RETURNS uuid\\nLANGUAGE sql STABLE STRICT SECURITY DEFINER\\nSET search_path = pg_catalog, pg_temp\\nAS $$\\n    SELECT u.id\\n    FROM auth.session s\\n    JOIN auth.\\"user\\" u ON u.id = s.user_id\\n    WHERE pg_catalog.encode(pg_catalog.sha256(s.session_key::bytea), 'hex') = digest\\n      AND s.expire_date > pg_catalog.now() AND u.is_active\\n$$\\n\\"\\"\\"\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [(\\"auth_app\\", \\"0007_password_ends_sessions\\")]\\n\\n    operations = [\\n        # lintmigrations: M201 M301 keys are unique, and so are their digests; sessions end, so that there are never many\\n        RunPostgreSQL(CREATE_INDEX, \\"DROP INDEX auth.session_key_digest_idx\\"),\\n        RunPostgreSQL(CREATE_USER, \\"DROP FUNCTION auth.session_user(text)\\"),\\n        RunPostgreSQL(\\"REVOKE EXECUTE ON FUNCTION auth.session_user(text) FROM PUBLIC\\", \\"\\"),\\n    ]\\n"}
30	migrate	up	auth_app	0009_session_digests	54279da6a4531c952e8305aa2f8fbfd9fef0cfccdc6d4344dd96bb1348c1b3f7	auth_owner	migrator	2026-11-29 16:09:27.138615+00	00:00:00.027657	ok	bc5918b842bc		root			c8948b64bc4ce5076a4d1f3fcaa9431224c7d5550165341747b978bb53609537	{"migrations/0009_session_digests.py": "\\"\\"\\"Keep a digest of each session's proof in place of the session's key, and ask for sessions by the proof.\\n\\nNobody is signed out: what is in the browsers stays as it is, and its row is found by the digest of its digest.\\n\\"\\"\\"\\n\\nimport hashlib\\n\\nfrom django.apps.registry import Apps\\nfrom django.db import migrations, models\\nfrom django.db.backends.base.schema import BaseDatabaseSchemaEditor\\n\\nfrom freehold.operations import RunPostgreSQL\\n\\n# As auth_app.proofs makes it: the SHA-256 of the proof, which is the SHA-256 of the key, each in hexadecimal. Rows that\\n# have it are left alone; a key has 40 characters at most.\\nDIGEST_KEYS = \\"\\"\\"\\nUPDATE auth.session\\nSET session_key = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(\\n    pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(session_key, 'UTF8')), 'hex'), 'UTF8')), 'hex')\\nWHERE pg_catalog.length(session_key) < 64\\n\\"\\"\\"\\nCREATE_INDEX = \\"\\"\\"\\nCREATE UNIQUE INDEX session_key_digest_idx ON auth.session (pg_catalog.encode(pg_catalog.sha256(session_key::bytea), 'hex'))\\n\\"\\"\\"\\n# Replaced, since the rights of whoever may call them go with a function that is dropped. So their parameters keep the\\n# names that they had, whatever they are now: a proof both.\\nPRINCIPAL = \\"\\"\\"\\nCREATE OR REPLACE FUNCTION auth.session_principal(\\n    key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean\\n)\\nRETURNS SETOF record\\nLANGUAGE sql STABLE STRICT SECURITY DEFINER ROWS 1\\nSET search_path = pg_catalog, pg_temp\\nAS $$\\n    SELECT u.id, u.email::text, u.display_name::text, u.is_active, u.is_staff\\n    FROM auth.session s\\n    JOIN auth.\\"user\\" u ON u.id = s.user_id\\n    WHERE {condition} AND s.expire_date > pg_catalog.now() AND u.is_active\\n$$\\n\\"\\"\\"\\nUSER = \\"\\"\\"\\nCREATE OR REPLACE FUNCTION auth.session_user(digest text) RETURNS uuid\\nLANGUAGE sql STABLE STRICT SECURITY DEFINER\\nSET search_path = pg_catalog, pg_temp\\nAS $$\\n    SELECT u.id\\n    FROM auth.session s\\n    JOIN auth.\\"user\\" u ON u.id = s.user_id\\n    WHERE {condition}\\n      AND s.expire_date > pg_catalog.now() AND u.is_active\\n$$\\n\\"\\"\\"\\nBY_PROOF = \\"s.session_key = pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to({parameter}, 'UTF8')), 'hex')\\"\\n# As 0006 and 0008 made them.\\nBY_KEY = \\"s.session_key = key\\"\\nBY_DIGEST_OF_KEY = \\"pg_catalog.encode(pg_catalog.sha256(s.session_key::bytea), 'hex') = digest\\"\\n\\n\\ndef digest_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:\\n    \\"\\"\\"Where the database can't: on PostgreSQL one statement did it.\\"\\"\\"\\n    sessions = apps.get_model(\\"auth_app\\", \\"Session\\").objects.using(schema_editor.connection.alias)\\n    if schema_editor.connection.vendor == \\"postgresql\\":\\n        return\\n    for key in list(sessions.values_list(\\"pk\\", flat=True)):\\n        if len(key) < 64:\\n            sessions.filter(pk=key).update(session_key=digest(digest(key)))\\n\\n\\ndef digest(text: str) -> str:\\n    return hashlib.sha256(text.encode()).hexdigest()\\n\\n\\ndef end_all_sessions(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:\\n    \\"\\"\\"No way leads from a digest back to the key: everyone has to sign in again.\\"\\"\\"\\n    apps.get_model(\\"auth_app\\", \\"Session\\").objects.using(schema_editor.connection.alias).all().delete()\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [(\\"auth_app\\", \\"0008_session_user\\")]\\n\\n    operations = [\\n        # The table is locked from here to the end, for seconds each hundred thousand sessions, and is to be: a session that\\n        # began between the steps would be left with its key.\\n        # lintmigrations: M302 the table is locked anyway\\n        RunPostgreSQL(\\"DROP INDEX auth.session_key_digest_idx\\", CREATE_INDEX),\\n        migrations.AlterField(\\n            model_name=\\"session\\",\\n            name=\\"session_key\\",\\n            field=models.CharField(\\n                help_text=\\"What auth_app.proofs makes of the key in the cookie. Nobody can sign in by it.\\",\\n                max_length=64,\\n                primary_key=True,\\n                serialize=False,\\n                verbose_name=\\"session key\\",\\n            ),\\n        ),\\n        # lintmigrations: M314 together on purpose, as said above\\n        RunPostgreSQL(DIGEST_KEYS, \\"\\"),\\n        migrations.RunPython(digest_keys, end_all_sessions),\\n        RunPostgreSQL(PRINCIPAL.format(condition=BY_PROOF.format(parameter=\\"key\\")), PRINCIPAL.format(condition=BY_KEY)),\\n        RunPostgreSQL(\\n            USER.format(condition=BY_PROOF.format(parameter=\\"digest\\")), USER.format(condition=BY_DIGEST_OF_KEY)\\n        ),\\n    ]\\n"}
31	migrate	up	master	0001_category	9af00a90c9bb6541d32872b8a5fc2d39c002f5cd41b8a9e1f768f26ec794dc8c	master_owner	migrator	2026-11-29 16:09:27.168713+00	00:00:00.0144	ok	bc5918b842bc		root			39d211955f7af31c9947b3eef7aa0b49d6fd4825c04214f29b36dfd4d2841a7b	{"migrations/0001_category.py": "\\"\\"\\"Create master.categories.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.core.validators\\nimport django.db.models.deletion\\nimport django.db.models.expressions\\nimport django.db.models.functions.datetime\\nimport django.db.models.functions.text\\nimport django.db.models.lookups\\nimport django.utils.timezone\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    initial = True\\n\\n    dependencies = []\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Category\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"parent\\",\\n                    models.ForeignKey(\\n                        blank=True,\\n                        db_index=False,\\n                        help_text=\\"Empty at the top of the tree.\\",\\n                        null=True,\\n                        on_delete=django.db.models.deletion.DO_NOTHING,\\n                        related_name=\\"children\\",\\n                        to=\\"master.category\\",\\n                        verbose_name=\\"parent\\",\\n                    ),\\n                ),\\n                (\\"name\\", models.CharField(max_length=120, verbose_name=\\"name\\")),\\n                (\\n                    \\"slug\\",\\n                    models.SlugField(\\n                        db_index=False,\\n                        max_length=120,\\n                        validators=[\\n                            django.core.validators.RegexValidator(\\n                                \\"^[a-z0-9]+(-[a-z0-9]+)*\\\\\\\\Z\\",\\n                                \\"Enter lower-case letters a to z and digits, joined by single hyphens, such as mobile-phones.\\",\\n                            )\\n                        ],\\n                        verbose_name=\\"slug\\",\\n                    ),\\n                ),\\n                (\\n                    \\"path\\",\\n                    models.CharField(\\n                        blank=True,\\n                        help_text=\\"Made from the parent's path and the slug, such as electronics/phones/android.\\",\\n                        max_length=500,\\n                        verbose_name=\\"path\\",\\n                    ),\\n                ),\\n                (\\n                    \\"position\\",\\n                    models.IntegerField(\\n                        db_default=0,\\n                        default=0,\\n                        help_text=\\"Order among the children of one parent, smallest first.\\",\\n                        validators=[django.core.validators.MinValueValidator(0)],\\n                        verbose_name=\\"position\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"updated_at\\",\\n                    models.DateTimeField(\\n                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name=\\"updated\\"\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"category\\",\\n                \\"verbose_name_plural\\": \\"categories\\",\\n                \\"db_table\\": \\"master.categories\\",\\n                \\"ordering\\": [\\"path\\"],\\n                \\"indexes\\": [models.Index(fields=[\\"parent\\", \\"position\\"], name=\\"categories_parent_position_idx\\")],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"path\\",),\\n                        name=\\"categories_path_uniq\\",\\n                        violation_error_message=\\"A category with this path exists: choose another slug or parent.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"parent\\", models.F(\\"id\\")), _negated=True),\\n                        name=\\"categories_parent_check\\",\\n                        violation_error_message=\\"A category is not its own parent.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"slug__regex\\", \\"^[a-z0-9]+(-[a-z0-9]+)*\\\\\\\\Z\\")),\\n                        name=\\"categories_slug_check\\",\\n                        violation_error_message=\\"The slug is lower-case letters and digits, joined by single hyphens.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            models.Q((\\"parent__isnull\\", True), (\\"path\\", models.F(\\"slug\\"))),\\n                            models.Q(\\n                                django.db.models.lookups.Exact(\\n                                    django.db.models.functions.text.Right(\\n                                        \\"path\\",\\n                                        django.db.models.expressions.CombinedExpression(\\n                                            django.db.models.functions.text.Length(\\"slug\\"), \\"+\\", models.Value(1)\\n                                        ),\\n                                    ),\\n                                    django.db.models.functions.text.Concat(models.Value(\\"/\\"), models.F(\\"slug\\")),\\n                                ),\\n                                (\\"parent__isnull\\", False),\\n                            ),\\n                            _connector=\\"OR\\",\\n                        ),\\n                        name=\\"categories_path_check\\",\\n                        violation_error_message=\\"The path ends in the slug, and is the slug at the top of the tree.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"name\\", \\"\\"), _negated=True),\\n                        name=\\"categories_name_check\\",\\n                        violation_error_message=\\"The name can't be empty.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"position__gte\\", 0)),\\n                        name=\\"categories_position_check\\",\\n                        violation_error_message=\\"The position is 0 or more.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
32	migrate	up	master	0002_location	fec5f4c5e35333fc9882ae35e6f4b4d2b8d614aa2a565efdb8c90542b75513f9	master_owner	migrator	2026-11-29 16:09:27.1853+00	00:00:00.018029	ok	bc5918b842bc		root			ad230d53a2c9de064563d02c893591965faf80ce7f3398c12c23f9f47884aaae	{"migrations/0002_location.py": "\\"\\"\\"Create master.locations.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.core.validators\\nimport django.db.models.functions.comparison\\nimport django.db.models.functions.datetime\\nimport django.db.models.functions.text\\nimport django.utils.timezone\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"master\\", \\"0001_category\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Location\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"city\\",\\n                    models.CharField(\\n                        blank=True,\\n                        db_default=\\"\\",\\n                        default=\\"\\",\\n                        help_text=\\"Empty for a whole country.\\",\\n                        max_length=200,\\n                        verbose_name=\\"city\\",\\n                    ),\\n                ),\\n                (\\n                    \\"region\\",\\n                    models.CharField(blank=True, db_default=\\"\\", default=\\"\\", max_length=200, verbose_name=\\"region\\"),\\n                ),\\n                (\\n                    \\"country\\",\\n                    models.CharField(\\n                        help_text=\\"Code of ISO 3166-1, two capital letters.\\",\\n                        max_length=2,\\n                        validators=[\\n                            django.core.validators.RegexValidator(\\n                                \\"^[A-Z]{2}\\\\\\\\Z\\", \\"Enter two capital letters, such as DE.\\"\\n                            )\\n                        ],\\n                        verbose_name=\\"country\\",\\n                    ),\\n                ),\\n                (\\"country_name\\", models.CharField(max_length=100, verbose_name=\\"name of the country\\")),\\n                (\\n                    \\"latitude\\",\\n                    models.DecimalField(\\n                        blank=True,\\n                        decimal_places=5,\\n                        help_text=\\"Degrees north (WGS 84).\\",\\n                        max_digits=7,\\n                        null=True,\\n                        validators=[\\n                            django.core.validators.MinValueValidator(-90),\\n                            django.core.validators.MaxValueValidator(90),\\n                        ],\\n                        verbose_name=\\"latitude\\",\\n                    ),\\n                ),\\n                (\\n                    \\"longitude\\",\\n                    models.DecimalField(\\n                        blank=True,\\n                        decimal_places=5,\\n                        help_text=\\"Degrees east (WGS 84).\\",\\n                        max_digits=8,\\n                        null=True,\\n                        validators=[\\n                            django.core.validators.MinValueValidator(-180),\\n                            django.core.validators.MaxValueValidator(180),\\n                        ],\\n                        verbose_name=\\"longitude\\",\\n                    ),\\n                ),\\n                (\\n                    \\"population\\",\\n                    models.IntegerField(\\n                        blank=True,\\n                        null=True,\\n                        validators=[django.core.validators.MinValueValidator(0)],\\n                        verbose_name=\\"population\\",\\n                    ),\\n                ),\\n                (\\n                    \\"slug\\",\\n                    models.SlugField(\\n                        db_index=False,\\n                        max_length=200,\\n                        validators=[\\n                            django.core.validators.RegexValidator(\\n                                \\"^[a-z0-9]+(-[a-z0-9]+)*\\\\\\\\Z\\",\\n                                \\"Enter lower-case letters a to z and digits, joined by single hyphens, such as mobile-phones.\\",\\n                            )\\n                        ],\\n                        verbose_name=\\"slug\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"updated_at\\",\\n                    models.DateTimeField(\\n                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name=\\"updated\\"\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"location\\",\\n                \\"verbose_name_plural\\": \\"locations\\",\\n                \\"db_table\\": \\"master.locations\\",\\n                \\"indexes\\": [\\n                    models.Index(\\n                        models.OrderBy(\\n                            django.db.models.functions.comparison.Coalesce(\\"population\\", models.Value(0)),\\n                            descending=True,\\n                        ),\\n                        models.F(\\"slug\\"),\\n                        name=\\"locations_population_idx\\",\\n                    ),\\n                    models.Index(django.db.models.functions.text.Upper(\\"city\\"), name=\\"locations_city_idx\\"),\\n                    models.Index(fields=[\\"country\\", \\"city\\"], name=\\"locations_country_city_idx\\"),\\n                    models.Index(\\n                        condition=models.Q((\\"city\\", \\"\\")), fields=[\\"country_name\\"], name=\\"locations_country_name_idx\\"\\n                    ),\\n                ],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"slug\\",),\\n                        name=\\"locations_slug_uniq\\",\\n                        violation_error_message=\\"A location with this slug exists.\\",\\n                    ),\\n                    models.UniqueConstraint(\\n                        condition=models.Q((\\"city\\", \\"\\")),\\n                        fields=(\\"country\\",),\\n                        name=\\"locations_country_uniq\\",\\n                        violation_error_message=\\"This country has a row already.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"slug__regex\\", \\"^[a-z0-9]+(-[a-z0-9]+)*\\\\\\\\Z\\")),\\n                        name=\\"locations_slug_check\\",\\n                        violation_error_message=\\"The slug is lower-case letters and digits, joined by single hyphens.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            (\\"country__regex\\", \\"^[A-Z]{2}\\\\\\\\Z\\"), models.Q((\\"country_name\\", \\"\\"), _negated=True)\\n                        ),\\n                        name=\\"locations_country_check\\",\\n                        violation_error_message=\\"A country has two capital letters and a name.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(models.Q((\\"city\\", \\"\\"), _negated=True), (\\"region\\", \\"\\"), _connector=\\"OR\\"),\\n                        name=\\"locations_region_check\\",\\n                        violation_error_message=\\"A whole country has no region.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            models.Q((\\"latitude__isnull\\", False), (\\"longitude__isnull\\", False)),\\n                            models.Q((\\"city\\", \\"\\"), (\\"latitude__isnull\\", True), (\\"longitude__isnull\\", True)),\\n                            _connector=\\"OR\\",\\n                        ),\\n                        name=\\"locations_coordinates_check\\",\\n                        violation_error_message=\\"A city has both latitude and longitude; a whole country both or neither.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"latitude__range\\", (-90, 90))),\\n                        name=\\"locations_latitude_check\\",\\n                        violation_error_message=\\"Latitude lies between -90 and 90.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"longitude__range\\", (-180, 180))),\\n                        name=\\"locations_longitude_check\\",\\n                        violation_error_message=\\"Longitude lies between -180 and 180.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"population__gte\\", 0)),\\n                        name=\\"locations_population_check\\",\\n                        violation_error_message=\\"The population is 0 or more.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
33	migrate	up	items	0001_item	cb7f3dbe82992f727175e88b01d50358aaef8ed9f5b11941a11ccf0b5811c816	app_owner	migrator	2026-11-29 16:09:27.212438+00	00:00:00.028979	ok	bc5918b842bc		root			b47c689ebe4f107b9bb9d812e82a411f4c8694dd460cc130b9febf6b7fa5e008	{"migrations/0001_item.py": "\\"\\"\\"Create app.items.\\"\\"\\"\\n\\nimport uuid\\nfrom decimal import Decimal\\n\\nimport django.core.validators\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.utils.timezone\\nfrom django.conf import settings\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    initial = True\\n\\n    dependencies = [\\n        (\\"master\\", \\"0002_location\\"),\\n        migrations.swappable_dependency(settings.AUTH_USER_MODEL),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Item\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"user\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        help_text=\\"Whose item it is.\\",\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"items\\",\\n                        to=settings.AUTH_USER_MODEL,\\n                        verbose_name=\\"user\\",\\n                    ),\\n                ),\\n                (\\n                    \\"category\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DO_NOTHING,\\n                        related_name=\\"items\\",\\n                        to=\\"master.category\\",\\n                        verbose_name=\\"category\\",\\n                    ),\\n                ),\\n                (\\n                    \\"location\\",\\n                    models.ForeignKey(\\n                        blank=True,\\n                        db_index=False,\\n                        null=True,\\n                        on_delete=django.db.models.deletion.DO_NOTHING,\\n                        related_name=\\"items\\",\\n                        to=\\"master.location\\",\\n                        verbose_name=\\"location\\",\\n                    ),\\n                ),\\n                (\\"name\\", models.CharField(max_length=200, verbose_name=\\"name\\")),\\n                (\\"description\\", models.TextField(blank=True, db_default=\\"\\", default=\\"\\", verbose_name=\\"description\\")),\\n                (\\n                    \\"price\\",\\n                    models.DecimalField(\\n                        decimal_places=2,\\n                        max_digits=12,\\n                        validators=[django.core.validators.MinValueValidator(0)],\\n                        verbose_name=\\"price\\",\\n                    ),\\n                ),\\n                (\\n                    \\"currency\\",\\n                    models.CharField(\\n                        db_default=\\"EUR\\",\\n                        default=\\"EUR\\",\\n                        help_text=\\"Code of ISO 4217, three capital letters.\\",\\n                        max_length=3,\\n                        validators=[\\n                            django.core.validators.RegexValidator(\\n                                \\"^[A-Z]{3}\\\\\\\\Z\\", \\"Enter three capital letters, such as EUR.\\"\\n                            )\\n                        ],\\n                        verbose_name=\\"currency\\",\\n                    ),\\n                ),\\n                (\\n                    \\"is_active\\",\\n                    models.BooleanField(\\n                        db_default=True,\\n                        default=True,\\n                        help_text=\\"Only active items are shown to others.\\",\\n                        verbose_name=\\"active\\",\\n                    ),\\n                ),\\n                (\\n                    \\"version\\",\\n                    models.IntegerField(\\n                        db_default=1,\\n                        default=1,\\n                        editable=False,\\n                        help_text=\\"Goes up with every change, so that nobody overwrites what they have not seen.\\",\\n                        verbose_name=\\"version\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"updated_at\\",\\n                    models.DateTimeField(\\n                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name=\\"updated\\"\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"item\\",\\n                \\"verbose_name_plural\\": \\"items\\",\\n                \\"db_table\\": \\"app.items\\",\\n                \\"ordering\\": [\\"-created_at\\"],\\n                \\"indexes\\": [\\n                    models.Index(fields=[\\"-created_at\\"], name=\\"items_created_at_idx\\"),\\n                    models.Index(fields=[\\"user\\", \\"-created_at\\"], name=\\"items_user_created_at_idx\\"),\\n                    models.Index(fields=[\\"category\\", \\"-created_at\\"], name=\\"items_category_created_at_idx\\"),\\n                    models.Index(fields=[\\"location\\", \\"-created_at\\"], name=\\"items_location_created_at_idx\\"),\\n                ],\\n                \\"constraints\\": [\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"name\\", \\"\\"), _negated=True),\\n                        name=\\"items_name_check\\",\\n                        violation_error_message=\\"The name can't be empty.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"price__range\\", (0, Decimal(\\"9999999999.99\\")))),\\n                        name=\\"items_price_check\\",\\n                        violation_error_message=\\"The price lies between 0 and 9999999999.99.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"currency__regex\\", \\"^[A-Z]{3}\\\\\\\\Z\\")),\\n                        name=\\"items_currency_check\\",\\n                        violation_error_message=\\"The currency is three capital letters, such as EUR.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"version__gte\\", 1)),\\n                        name=\\"items_version_check\\",\\n                        violation_error_message=\\"The version is 1 or more.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
34	migrate	up	items	0002_item_image	62fe133598a5fb7b86f7e938431f002f78a0cf76c74301fe796b88ac67479470	app_owner	migrator	2026-11-29 16:09:27.243726+00	00:00:00.026184	ok	bc5918b842bc		root			d54686652723c2fabbc0a5a1dcbc9838165bfab3c97647cd3e83c806153d2a7f	{"migrations/0002_item_image.py": "\\"\\"\\"Create app.item_images.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.core.validators\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.utils.timezone\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"items\\", \\"0001_item\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"ItemImage\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"item\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"images\\",\\n                        to=\\"items.item\\",\\n                        verbose_name=\\"item\\",\\n                    ),\\n                ),\\n                (\\n                    \\"url\\",\\n                    models.URLField(\\n                        help_text=\\"Where the picture lies on the web.\\", max_length=2000, verbose_name=\\"address\\"\\n                    ),\\n                ),\\n                (\\n                    \\"alt\\",\\n                    models.CharField(\\n                        blank=True,\\n                        db_default=\\"\\",\\n                        default=\\"\\",\\n                        help_text=\\"What the picture shows, for those who can't see it.\\",\\n                        max_length=300,\\n                        verbose_name=\\"alternative text\\",\\n                    ),\\n                ),\\n                (\\n                    \\"position\\",\\n                    models.IntegerField(\\n                        db_default=0,\\n                        default=0,\\n                        help_text=\\"Order within the item, smallest first.\\",\\n                        validators=[django.core.validators.MinValueValidator(0)],\\n                        verbose_name=\\"position\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"item image\\",\\n                \\"verbose_name_plural\\": \\"item images\\",\\n                \\"db_table\\": \\"app.item_images\\",\\n                \\"indexes\\": [models.Index(fields=[\\"-created_at\\"], name=\\"item_images_created_at_idx\\")],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"item\\", \\"position\\"),\\n                        name=\\"item_images_item_position_uniq\\",\\n                        violation_error_message=\\"The item has an image at this position.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"position__gte\\", 0)),\\n                        name=\\"item_images_position_check\\",\\n                        violation_error_message=\\"The position is 0 or more.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"url\\", \\"\\"), _negated=True),\\n                        name=\\"item_images_url_check\\",\\n                        violation_error_message=\\"The address can't be empty.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
35	migrate	up	items	0003_favorite	0df2268c32fdb64be7687d9c596ea016f6316ada65ea8a42343c68ca409905d5	app_owner	migrator	2026-11-29 16:09:27.271813+00	00:00:00.023043	ok	bc5918b842bc		root			aec98b23e0cfcb4cae6e7fdfea4fbc7165ae0a97c0254ee5176915c536c82706	{"migrations/0003_favorite.py": "\\"\\"\\"Create app.favorites.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.utils.timezone\\nfrom django.conf import settings\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"items\\", \\"0002_item_image\\"),\\n        migrations.swappable_dependency(settings.AUTH_USER_MODEL),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Favorite\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"user\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"favorites\\",\\n                        to=settings.AUTH_USER_MODEL,\\n                        verbose_name=\\"user\\",\\n                    ),\\n                ),\\n                (\\n                    \\"item\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"favorites\\",\\n                        to=\\"items.item\\",\\n                        verbose_name=\\"item\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"favorite\\",\\n                \\"verbose_name_plural\\": \\"favorites\\",\\n                \\"db_table\\": \\"app.favorites\\",\\n                \\"indexes\\": [\\n                    models.Index(fields=[\\"item\\"], name=\\"favorites_item_idx\\"),\\n                    models.Index(fields=[\\"-created_at\\"], name=\\"favorites_created_at_idx\\"),\\n                ],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"user\\", \\"item\\"),\\n                        name=\\"favorites_user_item_uniq\\",\\n                        violation_error_message=\\"This user has marked this item already.\\",\\n                    )\\n                ],\\n            },\\n        ),\\n    ]\\n"}
36	migrate	up	profile	0001_profile	f619d8f9339f2bd23a2f4509703432cc6d18c0faf36856761c6cc2872011a8a0	app_owner	migrator	2026-11-29 16:09:27.296726+00	00:00:00.023968	ok	bc5918b842bc		root			ed00272c6af72371c609678fcc9ca8117bfc3179aedf9f88de7d90d6ff846fa5	{"migrations/0001_profile.py": "\\"\\"\\"Create app.profiles.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.core.validators\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.db.models.lookups\\nimport django.utils.timezone\\nfrom django.conf import settings\\nfrom django.db import migrations, models\\n\\nimport freehold.documents\\nimport freehold.functions\\nimport profile.models.profile\\n\\n\\nclass Migration(migrations.Migration):\\n    initial = True\\n\\n    dependencies = [\\n        migrations.swappable_dependency(settings.AUTH_USER_MODEL),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Profile\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"user\\",\\n                    models.OneToOneField(\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"profile\\",\\n                        to=settings.AUTH_USER_MODEL,\\n                        verbose_name=\\"user\\",\\n                    ),\\n                ),\\n                (\\n                    \\"display_name\\",\\n                    models.CharField(blank=True, db_default=\\"\\", default=\\"\\", max_length=150, verbose_name=\\"name shown\\"),\\n                ),\\n                (\\"bio\\", models.TextField(blank=True, db_default=\\"\\", default=\\"\\", verbose_name=\\"about\\")),\\n                (\\n                    \\"avatar_url\\",\\n                    models.URLField(blank=True, db_default=\\"\\", default=\\"\\", max_length=2000, verbose_name=\\"picture\\"),\\n                ),\\n                (\\n                    \\"locale\\",\\n                    models.CharField(\\n                        db_default=\\"en\\",\\n                        default=\\"en\\",\\n                        help_text=\\"Language tag (RFC 5646), such as en or pt-BR.\\",\\n                        max_length=12,\\n                        validators=[\\n                            django.core.validators.RegexValidator(\\n                                \\"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\\\\\\\\Z\\",\\n                                \\"Enter a language tag, such as en or pt-BR.\\",\\n                            )\\n                        ],\\n                        verbose_name=\\"locale\\",\\n                    ),\\n                ),\\n                (\\n                    \\"time_zone\\",\\n                    models.CharField(\\n                        db_default=\\"UTC\\",\\n                        default=\\"UTC\\",\\n                        help_text=\\"Entry of the IANA time zone database, such as Europe/Berlin.\\",\\n                        max_length=64,\\n                        validators=[profile.models.profile.validate_time_zone],\\n                        verbose_name=\\"time zone\\",\\n                    ),\\n                ),\\n                (\\n                    \\"preferences\\",\\n                    models.JSONField(\\n                        blank=True,\\n                        db_default=models.Value({}, models.JSONField()),\\n                        default=dict,\\n                        help_text=\\"A JSON object.\\",\\n                        validators=[freehold.documents.validate_object],\\n                        verbose_name=\\"preferences\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"updated_at\\",\\n                    models.DateTimeField(\\n                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name=\\"updated\\"\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"profile\\",\\n                \\"verbose_name_plural\\": \\"profiles\\",\\n                \\"db_table\\": \\"app.profiles\\",\\n                \\"indexes\\": [models.Index(fields=[\\"-created_at\\"], name=\\"profiles_created_at_idx\\")],\\n                \\"constraints\\": [\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"locale__regex\\", \\"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\\\\\\\\Z\\")),\\n                        name=\\"profiles_locale_check\\",\\n                        violation_error_message=\\"The locale is a language tag, such as en or pt-BR.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"time_zone\\", \\"\\"), _negated=True),\\n                        name=\\"profiles_time_zone_check\\",\\n                        violation_error_message=\\"The time zone can't be empty.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            django.db.models.lookups.Exact(\\n                                freehold.documents.JSONType(\\"preferences\\"), models.Value(\\"object\\")\\n                            )\\n                        ),\\n                        name=\\"profiles_preferences_check\\",\\n                        violation_error_message=\\"Preferences are a JSON object.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
38	migrate	up	tenancy	0002_membership	4511802822cdbc081e97f0abfbab2c7ef7a345151c4716b99b335f14dfbb7cd8	app_owner	migrator	2026-11-29 16:09:27.329838+00	00:00:00.028226	ok	bc5918b842bc		root			858592648073cbe63e1c0063c6c55d2eca00e335aa3b727caf47939c5c645688	{"migrations/0002_membership.py": "\\"\\"\\"Create app.memberships.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.utils.timezone\\nfrom django.conf import settings\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"tenancy\\", \\"0001_tenant\\"),\\n        migrations.swappable_dependency(settings.AUTH_USER_MODEL),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Membership\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"tenant\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"memberships\\",\\n                        to=\\"tenancy.tenant\\",\\n                        verbose_name=\\"tenant\\",\\n                    ),\\n                ),\\n                (\\n                    \\"user\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"memberships\\",\\n                        to=settings.AUTH_USER_MODEL,\\n                        verbose_name=\\"user\\",\\n                    ),\\n                ),\\n                (\\n                    \\"role\\",\\n                    models.CharField(\\n                        choices=[(\\"owner\\", \\"owner\\"), (\\"admin\\", \\"admin\\"), (\\"member\\", \\"member\\"), (\\"viewer\\", \\"viewer\\")],\\n                        db_default=\\"member\\",\\n                        default=\\"member\\",\\n                        max_length=10,\\n                        verbose_name=\\"role\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"membership\\",\\n                \\"verbose_name_plural\\": \\"memberships\\",\\n                \\"db_table\\": \\"app.memberships\\",\\n                \\"indexes\\": [\\n                    models.Index(fields=[\\"user\\"], name=\\"memberships_user_idx\\"),\\n                    models.Index(fields=[\\"-created_at\\"], name=\\"memberships_created_at_idx\\"),\\n                ],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"tenant\\", \\"user\\"),\\n                        name=\\"memberships_tenant_user_uniq\\",\\n                        violation_error_message=\\"This user is a member of this tenant already.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"role__in\\", [\\"owner\\", \\"admin\\", \\"member\\", \\"viewer\\"])),\\n                        name=\\"memberships_role_check\\",\\n                        violation_error_message=\\"The role is one of owner, admin, member, viewer.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
39	migrate	up	tenancy	0003_project	83a8cf1f3f138bfccd28a62e0ec175be3bf39450e26b9020badfb8c6280c62c3	app_owner	migrator	2026-11-29 16:09:27.360046+00	00:00:00.026064	ok	bc5918b842bc		root			e3b159568d48e891b74e9a289553392359b62f096931a01e079fb59333f192e4	{"migrations/0003_project.py": "\\"\\"\\"Create app.projects.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.core.validators\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.utils.timezone\\nfrom django.db import migrations, models\\n\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"tenancy\\", \\"0002_membership\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Project\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"tenant\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"projects\\",\\n                        to=\\"tenancy.tenant\\",\\n                        verbose_name=\\"tenant\\",\\n                    ),\\n                ),\\n                (\\"name\\", models.CharField(max_length=150, verbose_name=\\"name\\")),\\n                (\\n                    \\"slug\\",\\n                    models.SlugField(\\n                        db_index=False,\\n                        help_text=\\"Once within the tenant.\\",\\n                        max_length=80,\\n                        validators=[\\n                            django.core.validators.RegexValidator(\\n                                \\"^[a-z0-9]+(-[a-z0-9]+)*\\\\\\\\Z\\",\\n                                \\"Enter lower-case letters a to z and digits, joined by single hyphens, such as mobile-phones.\\",\\n                            )\\n                        ],\\n                        verbose_name=\\"slug\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"updated_at\\",\\n                    models.DateTimeField(\\n                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name=\\"updated\\"\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"project\\",\\n                \\"verbose_name_plural\\": \\"projects\\",\\n                \\"db_table\\": \\"app.projects\\",\\n                \\"indexes\\": [models.Index(fields=[\\"-created_at\\"], name=\\"projects_created_at_idx\\")],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"tenant\\", \\"slug\\"),\\n                        name=\\"projects_tenant_slug_uniq\\",\\n                        violation_error_message=\\"The tenant has a project with this slug.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"slug__regex\\", \\"^[a-z0-9]+(-[a-z0-9]+)*\\\\\\\\Z\\")),\\n                        name=\\"projects_slug_check\\",\\n                        violation_error_message=\\"The slug is lower-case letters and digits, joined by single hyphens.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"name\\", \\"\\"), _negated=True),\\n                        name=\\"projects_name_check\\",\\n                        violation_error_message=\\"The name can't be empty.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
40	migrate	up	runs	0001_run	fc53e97361d18672155b58b7156922308b0917536dc8f9e2ec32915ee53e7433	app_owner	migrator	2026-11-29 16:09:27.387907+00	00:00:00.033282	ok	bc5918b842bc		root			56f469c19f0055a3bdc917ff8534c4f42411327aaa017d50053ccbb1f1d11722	{"migrations/0001_run.py": "\\"\\"\\"Create app.runs.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.db.models.lookups\\nimport django.utils.timezone\\nfrom django.db import migrations, models\\n\\nimport freehold.documents\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    initial = True\\n\\n    dependencies = [\\n        (\\"tenancy\\", \\"0003_project\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"Run\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"project\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"runs\\",\\n                        to=\\"tenancy.project\\",\\n                        verbose_name=\\"project\\",\\n                    ),\\n                ),\\n                (\\n                    \\"external_id\\",\\n                    models.CharField(\\n                        help_text=\\"What its sender calls the run; once within the project.\\",\\n                        max_length=200,\\n                        verbose_name=\\"external id\\",\\n                    ),\\n                ),\\n                (\\n                    \\"kind\\",\\n                    models.CharField(\\n                        help_text=\\"What ran, such as import or backup.\\", max_length=100, verbose_name=\\"kind\\"\\n                    ),\\n                ),\\n                (\\n                    \\"status\\",\\n                    models.CharField(\\n                        choices=[\\n                            (\\"queued\\", \\"queued\\"),\\n                            (\\"running\\", \\"running\\"),\\n                            (\\"succeeded\\", \\"succeeded\\"),\\n                            (\\"failed\\", \\"failed\\"),\\n                            (\\"cancelled\\", \\"cancelled\\"),\\n                        ],\\n                        db_default=\\"queued\\",\\n                        default=\\"queued\\",\\n                        max_length=10,\\n                        verbose_name=\\"status\\",\\n                    ),\\n                ),\\n                (\\"started_at\\", models.DateTimeField(blank=True, null=True, verbose_name=\\"started\\")),\\n                (\\n                    \\"finished_at\\",\\n                    models.DateTimeField(\\n                        blank=True,\\n                        help_text=\\"Set exactly when the status is final.\\",\\n                        null=True,\\n                        verbose_name=\\"finished\\",\\n                    ),\\n                ),\\n                (\\n                    \\"metadata\\",\\n                    models.JSONField(\\n                        blank=True,\\n                        db_default=models.Value({}, models.JSONField()),\\n                        default=dict,\\n                        help_text=\\"A JSON object.\\",\\n                        validators=[freehold.documents.validate_object],\\n                        verbose_name=\\"metadata\\",\\n                    ),\\n                ),\\n                (\\n                    \\"version\\",\\n                    models.IntegerField(\\n                        db_default=1,\\n                        default=1,\\n                        editable=False,\\n                        help_text=\\"Goes up with every change, so that nobody overwrites what they have not seen.\\",\\n                        verbose_name=\\"version\\",\\n                    ),\\n                ),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n                (\\n                    \\"updated_at\\",\\n                    models.DateTimeField(\\n                        auto_now=True, db_default=django.db.models.functions.datetime.Now(), verbose_name=\\"updated\\"\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"run\\",\\n                \\"verbose_name_plural\\": \\"runs\\",\\n                \\"db_table\\": \\"app.runs\\",\\n                \\"ordering\\": [\\"-created_at\\"],\\n                \\"indexes\\": [\\n                    models.Index(fields=[\\"-created_at\\"], name=\\"runs_created_at_idx\\"),\\n                    models.Index(fields=[\\"project\\", \\"-created_at\\"], name=\\"runs_project_created_at_idx\\"),\\n                    models.Index(fields=[\\"status\\", \\"-created_at\\"], name=\\"runs_status_created_at_idx\\"),\\n                ],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"project\\", \\"external_id\\"),\\n                        name=\\"runs_project_external_id_uniq\\",\\n                        violation_error_message=\\"The project has a run with this external id.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            models.Q((\\"external_id\\", \\"\\"), _negated=True), models.Q((\\"kind\\", \\"\\"), _negated=True)\\n                        ),\\n                        name=\\"runs_kind_check\\",\\n                        violation_error_message=\\"External id and kind can't be empty.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"status__in\\", [\\"queued\\", \\"running\\", \\"succeeded\\", \\"failed\\", \\"cancelled\\"])),\\n                        name=\\"runs_status_check\\",\\n                        violation_error_message=\\"The status is one of queued, running, succeeded, failed, cancelled.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"finished_at__gte\\", models.F(\\"started_at\\"))),\\n                        name=\\"runs_finished_at_check\\",\\n                        violation_error_message=\\"A run does not finish before it has started.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            models.Q(\\n                                (\\"finished_at__isnull\\", True),\\n                                (\\"status__in\\", [\\"succeeded\\", \\"failed\\", \\"cancelled\\"]),\\n                                _negated=True,\\n                            ),\\n                            models.Q(\\n                                (\\"finished_at__isnull\\", False), (\\"status__in\\", [\\"queued\\", \\"running\\"]), _negated=True\\n                            ),\\n                        ),\\n                        name=\\"runs_final_check\\",\\n                        violation_error_message=\\"A run that succeeded, failed or was cancelled has a time it finished; any other has none.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            django.db.models.lookups.Exact(\\n                                freehold.documents.JSONType(\\"metadata\\"), models.Value(\\"object\\")\\n                            )\\n                        ),\\n                        name=\\"runs_metadata_check\\",\\n                        violation_error_message=\\"Metadata is a JSON object.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"version__gte\\", 1)),\\n                        name=\\"runs_version_check\\",\\n                        violation_error_message=\\"The version is 1 or more.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
41	migrate	up	tenancy	0004_api_key	bae7880e1c0a81b854bf4afc142a08c14d24d218f39cd7c583d86ef5f2cc422d	app_owner	migrator	2026-11-29 16:09:27.423336+00	00:00:00.036376	ok	bc5918b842bc		root			d374b4c797f398e485d4f735b9cb9facedd045b74f99ddfab690a820c2267fe0	{"migrations/0004_api_key.py": "\\"\\"\\"Create app.api_keys.\\"\\"\\"\\n\\nimport uuid\\n\\nimport django.db.models.deletion\\nimport django.db.models.functions.datetime\\nimport django.db.models.lookups\\nimport django.utils.timezone\\nfrom django.db import migrations, models\\n\\nimport freehold.documents\\nimport freehold.functions\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"tenancy\\", \\"0003_project\\"),\\n    ]\\n\\n    operations = [\\n        migrations.CreateModel(\\n            name=\\"ApiKey\\",\\n            fields=[\\n                (\\n                    \\"id\\",\\n                    models.UUIDField(\\n                        db_default=freehold.functions.RandomUUID(),\\n                        default=uuid.uuid4,\\n                        editable=False,\\n                        primary_key=True,\\n                        serialize=False,\\n                    ),\\n                ),\\n                (\\n                    \\"project\\",\\n                    models.ForeignKey(\\n                        db_index=False,\\n                        on_delete=django.db.models.deletion.DB_CASCADE,\\n                        related_name=\\"api_keys\\",\\n                        to=\\"tenancy.project\\",\\n                        verbose_name=\\"project\\",\\n                    ),\\n                ),\\n                (\\"name\\", models.CharField(help_text=\\"What the key is for.\\", max_length=150, verbose_name=\\"name\\")),\\n                (\\n                    \\"prefix\\",\\n                    models.CharField(\\n                        help_text=\\"The key's beginning, by which it is found.\\", max_length=16, verbose_name=\\"prefix\\"\\n                    ),\\n                ),\\n                (\\n                    \\"key_hash\\",\\n                    models.CharField(\\n                        help_text=\\"SHA-256 of the key, in hexadecimal.\\", max_length=64, verbose_name=\\"key hash\\"\\n                    ),\\n                ),\\n                (\\n                    \\"scopes\\",\\n                    models.JSONField(\\n                        blank=True,\\n                        db_default=models.Value([], models.JSONField()),\\n                        default=list,\\n                        help_text='What the key may do: a JSON array such as [\\"runs:read\\", \\"runs:write\\"].',\\n                        validators=[freehold.documents.validate_text_array],\\n                        verbose_name=\\"scopes\\",\\n                    ),\\n                ),\\n                (\\n                    \\"expires_at\\",\\n                    models.DateTimeField(blank=True, help_text=\\"Empty: never.\\", null=True, verbose_name=\\"expires\\"),\\n                ),\\n                (\\"last_used_at\\", models.DateTimeField(blank=True, null=True, verbose_name=\\"last used\\")),\\n                (\\"revoked_at\\", models.DateTimeField(blank=True, null=True, verbose_name=\\"revoked\\")),\\n                (\\n                    \\"created_at\\",\\n                    models.DateTimeField(\\n                        db_default=django.db.models.functions.datetime.Now(),\\n                        default=django.utils.timezone.now,\\n                        editable=False,\\n                        verbose_name=\\"created\\",\\n                    ),\\n                ),\\n            ],\\n            options={\\n                \\"verbose_name\\": \\"API key\\",\\n                \\"verbose_name_plural\\": \\"API keys\\",\\n                \\"db_table\\": \\"app.api_keys\\",\\n                \\"indexes\\": [\\n                    models.Index(fields=[\\"project\\"], name=\\"api_keys_project_idx\\"),\\n                    models.Index(fields=[\\"-created_at\\"], name=\\"api_keys_created_at_idx\\"),\\n                ],\\n                \\"constraints\\": [\\n                    models.UniqueConstraint(\\n                        fields=(\\"prefix\\",),\\n                        name=\\"api_keys_prefix_uniq\\",\\n                        violation_error_message=\\"A key with this prefix exists.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            models.Q((\\"name\\", \\"\\"), _negated=True), models.Q((\\"prefix\\", \\"\\"), _negated=True)\\n                        ),\\n                        name=\\"api_keys_name_check\\",\\n                        violation_error_message=\\"Name and prefix can't be empty.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"key_hash__regex\\", \\"^[0-9a-f]{64}\\\\\\\\Z\\")),\\n                        name=\\"api_keys_key_hash_check\\",\\n                        violation_error_message=\\"The hash is a SHA-256 in hexadecimal, never the key itself.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q(\\n                            django.db.models.lookups.Exact(freehold.documents.JSONType(\\"scopes\\"), models.Value(\\"array\\"))\\n                        ),\\n                        name=\\"api_keys_scopes_check\\",\\n                        violation_error_message=\\"Scopes are a JSON array.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"expires_at__gt\\", models.F(\\"created_at\\"))),\\n                        name=\\"api_keys_expires_at_check\\",\\n                        violation_error_message=\\"A key expires after it was made.\\",\\n                    ),\\n                    models.CheckConstraint(\\n                        condition=models.Q((\\"revoked_at__gte\\", models.F(\\"created_at\\"))),\\n                        name=\\"api_keys_revoked_at_check\\",\\n                        violation_error_message=\\"A key is not revoked before it was made.\\",\\n                    ),\\n                ],\\n            },\\n        ),\\n    ]\\n"}
42	migrate	up	tenancy	0005_access	74b01436394e908bc400f70bb38ab5c31e1047cbe93cd75ef5a150a1b2342db9	app_owner	migrator	2026-11-29 16:09:27.46168+00	00:00:00.002811	ok	bc5918b842bc		root			638ea1c4f7206d49e1b2a347e479b8ff1838c49c4e46cd6c2a08c558f831fa14	{"migrations/0005_access.py": "\\"\\"\\"Create the functions that policies ask: app.list_tenants_of_user and app.exists_tenant.\\"\\"\\"\\n\\nfrom django.db import migrations\\n\\nfrom freehold.operations import RunPostgreSQL\\n\\n# PARALLEL SAFE, or no query on a table whose policies call them could ever be run by several workers.\\nLIST_TENANTS = \\"\\"\\"\\nCREATE OR REPLACE FUNCTION app.list_tenants_of_user(roles text[]) RETURNS SETOF uuid\\nLANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp\\nAS $$\\n    SELECT m.tenant_id\\n    FROM app.memberships AS m\\n    WHERE m.user_id = (SELECT nullif(current_setting('freehold.user_id', true), '')::uuid) AND m.role = ANY (roles)\\n$$\\n\\"\\"\\"\\nEXISTS_TENANT = \\"\\"\\"\\nCREATE OR REPLACE FUNCTION app.exists_tenant(tenant uuid) RETURNS boolean\\nLANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp\\nAS $$ SELECT EXISTS (SELECT 1 FROM app.tenants AS t WHERE t.id = tenant) $$\\n\\"\\"\\"\\n\\n\\ndef for_nobody_else(signature):\\n    \\"\\"\\"Give the statement that takes the function from everyone: the map says whom it is granted to.\\"\\"\\"\\n    return f\\"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC\\"\\n\\n\\ndef drop(signature):\\n    \\"\\"\\"Give the statement that removes the function with the policies that ask it.\\"\\"\\"\\n    return f\\"DROP FUNCTION IF EXISTS {signature} CASCADE\\"\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"tenancy\\", \\"0004_api_key\\"),\\n    ]\\n\\n    operations = [\\n        RunPostgreSQL(\\n            [LIST_TENANTS, for_nobody_else(\\"app.list_tenants_of_user(text[])\\")],\\n            drop(\\"app.list_tenants_of_user(text[])\\"),\\n        ),\\n        RunPostgreSQL([EXISTS_TENANT, for_nobody_else(\\"app.exists_tenant(uuid)\\")], drop(\\"app.exists_tenant(uuid)\\")),\\n    ]\\n"}
43	migrate	down	tenancy	0005_access	74b01436394e908bc400f70bb38ab5c31e1047cbe93cd75ef5a150a1b2342db9	app_owner	migrator	2026-11-29 16:09:28.906012+00	00:00:00.004654	ok	bc5918b842bc		root			ed95cc671884c2bbb0fb19c934cc8648842a8b7f492efa1d6414c3eb1025d308	{"migrations/0005_access.py": "\\"\\"\\"Create the functions that policies ask: app.list_tenants_of_user and app.exists_tenant.\\"\\"\\"\\n\\nfrom django.db import migrations\\n\\nfrom freehold.operations import RunPostgreSQL\\n\\n# PARALLEL SAFE, or no query on a table whose policies call them could ever be run by several workers.\\nLIST_TENANTS = \\"\\"\\"\\nCREATE OR REPLACE FUNCTION app.list_tenants_of_user(roles text[]) RETURNS SETOF uuid\\nLANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp\\nAS $$\\n    SELECT m.tenant_id\\n    FROM app.memberships AS m\\n    WHERE m.user_id = (SELECT nullif(current_setting('freehold.user_id', true), '')::uuid) AND m.role = ANY (roles)\\n$$\\n\\"\\"\\"\\nEXISTS_TENANT = \\"\\"\\"\\nCREATE OR REPLACE FUNCTION app.exists_tenant(tenant uuid) RETURNS boolean\\nLANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp\\nAS $$ SELECT EXISTS (SELECT 1 FROM app.tenants AS t WHERE t.id = tenant) $$\\n\\"\\"\\"\\n\\n\\ndef for_nobody_else(signature):\\n    \\"\\"\\"Give the statement that takes the function from everyone: the map says whom it is granted to.\\"\\"\\"\\n    return f\\"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC\\"\\n\\n\\ndef drop(signature):\\n    \\"\\"\\"Give the statement that removes the function with the policies that ask it.\\"\\"\\"\\n    return f\\"DROP FUNCTION IF EXISTS {signature} CASCADE\\"\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"tenancy\\", \\"0004_api_key\\"),\\n    ]\\n\\n    operations = [\\n        RunPostgreSQL(\\n            [LIST_TENANTS, for_nobody_else(\\"app.list_tenants_of_user(text[])\\")],\\n            drop(\\"app.list_tenants_of_user(text[])\\"),\\n        ),\\n        RunPostgreSQL([EXISTS_TENANT, for_nobody_else(\\"app.exists_tenant(uuid)\\")], drop(\\"app.exists_tenant(uuid)\\")),\\n    ]\\n"}
44	migrate	up	tenancy	0005_access	74b01436394e908bc400f70bb38ab5c31e1047cbe93cd75ef5a150a1b2342db9	app_owner	migrator	2026-11-29 16:09:30.234955+00	00:00:00.003062	ok	bc5918b842bc		root			6bb917af85df011f8b708d946f0aa05540d108e0a9811b29dcedc51b5a072125	{"migrations/0005_access.py": "\\"\\"\\"Create the functions that policies ask: app.list_tenants_of_user and app.exists_tenant.\\"\\"\\"\\n\\nfrom django.db import migrations\\n\\nfrom freehold.operations import RunPostgreSQL\\n\\n# PARALLEL SAFE, or no query on a table whose policies call them could ever be run by several workers.\\nLIST_TENANTS = \\"\\"\\"\\nCREATE OR REPLACE FUNCTION app.list_tenants_of_user(roles text[]) RETURNS SETOF uuid\\nLANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp\\nAS $$\\n    SELECT m.tenant_id\\n    FROM app.memberships AS m\\n    WHERE m.user_id = (SELECT nullif(current_setting('freehold.user_id', true), '')::uuid) AND m.role = ANY (roles)\\n$$\\n\\"\\"\\"\\nEXISTS_TENANT = \\"\\"\\"\\nCREATE OR REPLACE FUNCTION app.exists_tenant(tenant uuid) RETURNS boolean\\nLANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp\\nAS $$ SELECT EXISTS (SELECT 1 FROM app.tenants AS t WHERE t.id = tenant) $$\\n\\"\\"\\"\\n\\n\\ndef for_nobody_else(signature):\\n    \\"\\"\\"Give the statement that takes the function from everyone: the map says whom it is granted to.\\"\\"\\"\\n    return f\\"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC\\"\\n\\n\\ndef drop(signature):\\n    \\"\\"\\"Give the statement that removes the function with the policies that ask it.\\"\\"\\"\\n    return f\\"DROP FUNCTION IF EXISTS {signature} CASCADE\\"\\n\\n\\nclass Migration(migrations.Migration):\\n    dependencies = [\\n        (\\"tenancy\\", \\"0004_api_key\\"),\\n    ]\\n\\n    operations = [\\n        RunPostgreSQL(\\n            [LIST_TENANTS, for_nobody_else(\\"app.list_tenants_of_user(text[])\\")],\\n            drop(\\"app.list_tenants_of_user(text[])\\"),\\n        ),\\n        RunPostgreSQL([EXISTS_TENANT, for_nobody_else(\\"app.exists_tenant(uuid)\\")], drop(\\"app.exists_tenant(uuid)\\")),\\n    ]\\n"}
45	seed	up	master	0001_categories	6670322fbf1120ecff69379da3957889546c1fd95876f4af6a5f1bab81fff15e	master_owner	migrator	2026-11-29 16:09:31.358864+00	00:00:00.021662	ok	bc5918b842bc	{"master.categories": {"declared": 414, "added": 414, "present": 414}}	root			4de3446326563aea70d284bfcdecf0d69dbba2b874340bb9a45a535115e9faf1	{"seeds/tree.py": "\\"\\"\\"Reads the category tree from categories.txt.\\"\\"\\"\\n\\nfrom __future__ import annotations\\n\\nfrom collections import Counter\\nfrom collections.abc import Iterator\\nfrom pathlib import Path\\nfrom typing import NamedTuple\\n\\nfrom master.seeds.slugs import slugify\\n\\nSOURCE = Path(__file__).with_name(\\"categories.txt\\")\\nINDENT = \\"  \\"\\n\\n\\nclass CategoryLine(NamedTuple):\\n    \\"\\"\\"A category as the file has it. `parent` is the path of the one above, None at the top.\\"\\"\\"\\n\\n    path: str\\n    slug: str\\n    name: str\\n    position: int\\n    parent: str | None\\n\\n\\ndef read_categories(text: str) -> Iterator[CategoryLine]:\\n    \\"\\"\\"Yield the categories, each after its parent; `position` counts from 1 among the children of one parent.\\n\\n    Raises:\\n        ValueError: a line is more than one level deeper than the one before, or a path comes twice.\\n    \\"\\"\\"\\n    above: list[str] = []\\n    positions: Counter[str] = Counter()\\n    for number, line in enumerate(text.splitlines(), 1):\\n        if not line.strip() or line.startswith(\\"#\\"):\\n            continue\\n        depth = (len(line) - len(line.lstrip())) // len(INDENT)\\n        if depth > len(above):\\n            raise ValueError(\\n                f\\"categories.txt, line {number}: {line.strip()!r} has no category above it: indent it less\\"\\n            )\\n        del above[depth:]\\n        parent = \\"/\\".join(above)\\n        name, _, slug = (part.strip() for part in line.partition(\\"|\\"))\\n        above.append(slug or slugify(name))\\n        path = \\"/\\".join(above)\\n        if positions[path]:\\n            raise ValueError(f\\"categories.txt, line {number}: {path} comes twice\\")\\n        positions[path] += 1\\n        positions[f\\"{parent}/\\"] += 1\\n        yield CategoryLine(path, above[-1], name, positions[f\\"{parent}/\\"], parent or None)\\n", "seeds/slugs.py": "\\"\\"\\"Readable ASCII slugs for names in any Latin spelling.\\"\\"\\"\\n# ruff: noqa: RUF001 - letters that look like others are what this is about\\n\\nfrom __future__ import annotations\\n\\nimport re\\n\\nfrom master.seeds.geonames import strip_accents\\n\\n# Letters that Unicode does not take apart into a base letter and a mark.\\nLETTERS = str.maketrans(\\n    {\\"ı\\": \\"i\\", \\"ł\\": \\"l\\", \\"Ł\\": \\"L\\", \\"ø\\": \\"o\\", \\"Ø\\": \\"O\\", \\"đ\\": \\"d\\", \\"Đ\\": \\"D\\", \\"ð\\": \\"d\\", \\"Ð\\": \\"D\\", \\"ħ\\": \\"h\\", \\"Ħ\\": \\"H\\"}\\n    | {\\"ß\\": \\"ss\\", \\"æ\\": \\"ae\\", \\"Æ\\": \\"Ae\\", \\"œ\\": \\"oe\\", \\"Œ\\": \\"Oe\\", \\"þ\\": \\"th\\", \\"Þ\\": \\"Th\\", \\"ə\\": \\"e\\", \\"Ə\\": \\"E\\"}\\n    | dict.fromkeys(\\"'’‘ʻʼ`\\", \\"\\")\\n)\\n\\n\\ndef slugify(text: str) -> str:\\n    \\"\\"\\"Give lower-case letters and digits with single hyphens between; empty where the text has neither.\\"\\"\\"\\n    plain = strip_accents(text.translate(LETTERS)).lower()\\n    return re.sub(r\\"[^a-z0-9]+\\", \\"-\\", plain).strip(\\"-\\")\\n", "seeds/categories.txt": "# Two spaces deeper is one level down; the order here is the order on the page. A slug is made from the name, or stands\\n# behind a | where the name makes a poor one. Renaming a slug makes a new category: change the name alone instead.\\n\\nElectronics\\n  Phones\\n    Android Phones | android\\n    iPhones | iphone\\n    Classic Phones | classic\\n    Phone Cases | cases\\n    Chargers and Cables | chargers\\n    Landline Phones | landline\\n  Computers\\n    Laptops\\n    Desktops\\n    Tablets\\n    Monitors\\n    Keyboards and Mice | keyboards\\n    Printers and Scanners | printers\\n    Hard Disks and Memory | storage\\n    Networking\\n    Computer Parts | parts\\n  Audio\\n    Headphones\\n    Loudspeakers | speakers\\n    Amplifiers\\n    Turntables\\n    Radios\\n  TV and Video | tv\\n    Televisions\\n    Projectors\\n    Streaming Devices | streaming\\n    Disc Players\\n  Cameras\\n    Digital Cameras | digital\\n    Film Cameras | film\\n    Lenses\\n    Tripods\\n    Drones\\n  Games and Consoles | gaming\\n    Consoles\\n    Video Games | games\\n    Controllers\\n    Retro Consoles | retro\\n  Smart Devices | smart\\n    Smart Watches | watches\\n    Fitness Trackers | trackers\\n    Smart Home | home\\nHome and Garden | home\\n  Furniture\\n    Sofas and Armchairs | sofas\\n    Tables\\n    Chairs\\n    Beds and Mattresses | beds\\n    Wardrobes\\n    Shelves\\n    Desks\\n    Office Chairs\\n  Kitchen\\n    Cookware\\n    Tableware\\n    Coffee Machines | coffee\\n    Small Appliances\\n    Knives\\n  Large Appliances | appliances\\n    Fridges and Freezers | fridges\\n    Washing Machines\\n    Dishwashers\\n    Ovens and Hobs | ovens\\n    Vacuum Cleaners\\n  Decoration\\n    Lamps\\n    Rugs\\n    Curtains\\n    Mirrors\\n    Pictures and Frames | pictures\\n    Vases\\n  Garden\\n    Plants\\n    Garden Furniture | furniture\\n    Lawn Mowers\\n    Barbecues\\n    Garden Tools | tools\\n  Tools and Building | tools\\n    Power Tools\\n    Hand Tools\\n    Paint\\n    Timber and Tiles | materials\\n    Doors and Windows | doors\\n  Bed and Bath | bed-bath\\n    Bed Linen\\n    Towels\\n    Bathroom Fittings | fittings\\nVehicles\\n  Cars\\n    Small Cars | small\\n    Estates\\n    Saloons\\n    SUVs\\n    Electric Cars | electric\\n    Classic Cars | classic\\n  Motorcycles\\n    Scooters\\n    Touring\\n    Sports Bikes | sports\\n    Off-road\\n  Bicycles\\n    City Bikes | city\\n    Road Bikes | road\\n    Mountain Bikes | mountain\\n    Electric Bikes | electric\\n    Cargo Bikes | cargo\\n    Children's Bikes | children\\n  Vans and Caravans | vans\\n    Vans\\n    Motorhomes\\n    Caravans\\n    Trailers\\n  Boats\\n    Sailing Boats | sailing\\n    Motor Boats | motor\\n    Canoes and Kayaks | canoes\\n  Parts and Accessories | parts\\n    Tyres and Wheels | tyres\\n    Car Parts\\n    Motorcycle Parts\\n    Bicycle Parts\\n    Roof Boxes\\n    Car Audio\\nFashion\\n  Women\\n    Dresses\\n    Tops\\n    Trousers\\n    Coats and Jackets | coats\\n    Shoes\\n    Knitwear\\n  Men\\n    Shirts\\n    Suits\\n    Trousers\\n    Coats and Jackets | coats\\n    Shoes\\n    Knitwear\\n  Bags and Luggage | bags\\n    Handbags\\n    Backpacks\\n    Suitcases\\n    Wallets\\n  Jewellery and Watches | jewellery\\n    Rings\\n    Necklaces\\n    Earrings\\n    Wristwatches\\n  Accessories\\n    Hats\\n    Scarves\\n    Belts\\n    Sunglasses\\n  Traditional Dress | traditional\\n    Saris\\n    Kimonos\\n    Kilts\\nSports and Outdoors | sports\\n  Team Sports | team\\n    Football\\n    Basketball\\n    Volleyball\\n    Cricket\\n    Handball\\n  Winter Sports | winter\\n    Skis\\n    Snowboards\\n    Ice Skates\\n    Sledges\\n  Water Sports | water\\n    Surfing\\n    Diving\\n    Swimming\\n    Rowing\\n  Fitness\\n    Weights\\n    Exercise Machines | machines\\n    Yoga\\n    Running\\n  Racket Sports | rackets\\n    Tennis\\n    Badminton\\n    Table Tennis\\n  Camping and Hiking | camping\\n    Tents\\n    Sleeping Bags\\n    Rucksacks\\n    Hiking Boots\\n    Stoves\\n  Climbing\\n    Ropes\\n    Climbing Shoes | shoes\\n    Harnesses\\nFamily and Children | family\\n  Baby\\n    Prams\\n    Car Seats\\n    Cots\\n    High Chairs\\n    Baby Clothes | clothes\\n  Toys\\n    Building Bricks | bricks\\n    Dolls\\n    Board Games\\n    Puzzles\\n    Soft Toys\\n    Wooden Toys\\n    Model Railways\\n  Children's Clothes | clothes\\n    Girls\\n    Boys\\n    Children's Shoes | shoes\\n  School\\n    School Bags | bags\\n    Textbooks\\n    Stationery\\nBooks, Music and Film | media\\n  Books\\n    Fiction\\n    Non-fiction\\n    Children's Books | children\\n    Comics\\n    Cookbooks\\n    Travel Guides | travel\\n    Textbooks\\n  Music\\n    Vinyl Records | vinyl\\n    CDs\\n    Cassettes\\n    Sheet Music\\n  Film\\n    DVDs\\n    Blu-rays\\n    Posters\\n  Magazines\\n    Weeklies\\n    Collectors' Issues | collectors\\nMusical Instruments | instruments\\n  Strings\\n    Guitars\\n    Electric Guitars\\n    Basses\\n    Violins\\n    Ukuleles\\n  Keys\\n    Pianos\\n    Synthesizers\\n    Accordions\\n  Wind\\n    Flutes\\n    Saxophones\\n    Trumpets\\n    Clarinets\\n  Percussion\\n    Drum Kits\\n    Cymbals\\n    Hand Drums\\n  Stage and Studio | studio\\n    Microphones\\n    Mixing Desks\\n    Amplifiers\\nCollecting and Art | collecting\\n  Art\\n    Paintings\\n    Prints\\n    Sculptures\\n    Photographs\\n  Antiques\\n    Clocks\\n    Silverware\\n    Ceramics\\n    Antique Furniture | furniture\\n  Collectables\\n    Coins\\n    Stamps\\n    Trading Cards\\n    Model Cars\\n    Postcards\\n  Crafts\\n    Sewing Machines\\n    Yarn and Fabric | yarn\\n    Pottery\\nPets and Farm | animals\\n  Dogs\\n    Leads and Collars | leads\\n    Dog Beds | beds\\n    Dog Food | food\\n  Cats\\n    Scratching Posts\\n    Cat Trees\\n    Cat Food | food\\n  Small Pets\\n    Cages\\n    Aquariums\\n    Terrariums\\n  Riding\\n    Saddles\\n    Riding Boots\\n    Stable Equipment | stable\\n  Farm\\n    Beekeeping\\n    Poultry Keeping | poultry\\n    Farm Machinery | machinery\\nProperty\\n  For Sale | sale\\n    Flats\\n    Houses\\n    Land\\n    Garages\\n  To Rent | rent\\n    Flats\\n    Houses\\n    Rooms\\n    Parking Spaces | parking\\n  Holiday Homes | holiday\\n    By the Sea | seaside\\n    In the Mountains | mountains\\n    In the City | city\\n  Business Premises | business\\n    Offices\\n    Shops\\n    Workshops\\nJobs\\n  Technology\\n    Software\\n    Data\\n    Hardware\\n    Support\\n  Health and Care | care\\n    Nursing\\n    Childcare\\n    Elderly Care\\n    Therapy\\n  Hospitality\\n    Cooking\\n    Waiting\\n    Hotels\\n  Trades\\n    Electricians\\n    Plumbers\\n    Carpenters\\n    Painters\\n  Office\\n    Accounting\\n    Assistance\\n    Marketing\\n  Education\\n    Teachers\\n    Tutors\\n    Trainers\\nServices\\n  Household\\n    Cleaning\\n    Gardening\\n    Moving\\n    Repairs\\n  Lessons\\n    Languages\\n    Music Lessons | music\\n    Driving Lessons | driving\\n    School Subjects | school\\n  Events\\n    Photography\\n    Catering\\n    Musicians\\n    Venues\\n  Computing\\n    Web Design\\n    Computer Repair | repair\\n    Data Recovery\\n  Wellbeing\\n    Massage\\n    Hairdressing\\n    Personal Training\\n  Transport\\n    Deliveries\\n    Lifts\\n    Vehicle Hire | hire\\nBusiness and Industry | industry\\n  Office Equipment | office\\n    Desks\\n    Copiers\\n    Telephones\\n  Shop Fittings | shop\\n    Shelving\\n    Tills\\n    Display Cases\\n  Catering Equipment | catering\\n    Ovens\\n    Refrigeration\\n    Crockery\\n  Machines\\n    Metalwork\\n    Woodwork\\n    Packaging\\n  Health Equipment | medical\\n    Wheelchairs\\n    Hospital Beds\\n    Laboratory\\nGive Away and Swap | free\\n  To Give Away | give\\n    Furniture\\n    Clothes\\n    Toys\\n    Books\\n  To Swap | swap\\n    Books\\n    Plants\\n    Tools\\n  Lost and Found | lost\\n    Lost\\n    Found\\n", "seeds/0001_categories.py": "\\"\\"\\"The category tree of a marketplace, three levels deep.\\"\\"\\"\\n\\nfrom collections.abc import Iterator\\n\\nfrom freehold.seeds import Rows, Seed\\nfrom master.seeds import slugs, tree\\n\\n\\ndef read() -> Iterator[tree.CategoryLine]:\\n    \\"\\"\\"Yield the categories of categories.txt.\\"\\"\\"\\n    return tree.read_categories(tree.SOURCE.read_text(encoding=\\"utf-8\\"))\\n\\n\\nSEED = Seed(\\n    kind=\\"reference\\",\\n    rows=(\\n        Rows(\\n            \\"master.Category\\",\\n            key=(\\"path\\",),\\n            fields=tree.CategoryLine._fields,\\n            references={\\"parent\\": (\\"path\\",)},\\n            read=read,\\n        ),\\n    ),\\n    sources=(tree.SOURCE, tree, slugs),\\n)\\n"}
\.


--
-- Name: auth_group_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: auth_owner
--

SELECT pg_catalog.setval('auth.auth_group_id_seq', 4, true);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: auth_owner
--

SELECT pg_catalog.setval('auth.auth_group_permissions_id_seq', 99, true);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: auth_owner
--

SELECT pg_catalog.setval('auth.auth_permission_id_seq', 80, true);


--
-- Name: django_admin_log_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: auth_owner
--

SELECT pg_catalog.setval('auth.django_admin_log_id_seq', 1, false);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: auth_owner
--

SELECT pg_catalog.setval('auth.django_content_type_id_seq', 21, true);


--
-- Name: user_groups_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: auth_owner
--

SELECT pg_catalog.setval('auth.user_groups_id_seq', 1, false);


--
-- Name: user_user_permissions_id_seq; Type: SEQUENCE SET; Schema: auth; Owner: auth_owner
--

SELECT pg_catalog.setval('auth.user_user_permissions_id_seq', 1, false);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE SET; Schema: public; Owner: migrator
--

SELECT pg_catalog.setval('public.django_migrations_id_seq', 43, true);


--
-- Name: migration_history_id_seq; Type: SEQUENCE SET; Schema: public; Owner: migrator
--

SELECT pg_catalog.setval('public.migration_history_id_seq', 45, true);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);


--
-- Name: api_keys api_keys_prefix_uniq; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.api_keys
    ADD CONSTRAINT api_keys_prefix_uniq UNIQUE (prefix);


--
-- Name: favorites favorites_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.favorites
    ADD CONSTRAINT favorites_pkey PRIMARY KEY (id);


--
-- Name: favorites favorites_user_item_uniq; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.favorites
    ADD CONSTRAINT favorites_user_item_uniq UNIQUE (user_id, item_id);


--
-- Name: item_images item_images_item_position_uniq; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.item_images
    ADD CONSTRAINT item_images_item_position_uniq UNIQUE (item_id, "position");


--
-- Name: item_images item_images_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.item_images
    ADD CONSTRAINT item_images_pkey PRIMARY KEY (id);


--
-- Name: items items_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.items
    ADD CONSTRAINT items_pkey PRIMARY KEY (id);


--
-- Name: memberships memberships_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (id);


--
-- Name: memberships memberships_tenant_user_uniq; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_tenant_user_uniq UNIQUE (tenant_id, user_id);


--
-- Name: profiles profiles_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (id);


--
-- Name: profiles profiles_user_id_key; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.profiles
    ADD CONSTRAINT profiles_user_id_key UNIQUE (user_id);


--
-- Name: projects projects_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.projects
    ADD CONSTRAINT projects_pkey PRIMARY KEY (id);


--
-- Name: projects projects_tenant_slug_uniq; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.projects
    ADD CONSTRAINT projects_tenant_slug_uniq UNIQUE (tenant_id, slug);


--
-- Name: runs runs_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);


--
-- Name: runs runs_project_external_id_uniq; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.runs
    ADD CONSTRAINT runs_project_external_id_uniq UNIQUE (project_id, external_id);


--
-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);


--
-- Name: tenants tenants_slug_uniq; Type: CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.tenants
    ADD CONSTRAINT tenants_slug_uniq UNIQUE (slug);


--
-- Name: auth_group auth_group_name_key; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);


--
-- Name: auth_group_permissions auth_group_permissions_group_id_permission_id_0cd325b0_uniq; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);


--
-- Name: auth_group_permissions auth_group_permissions_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);


--
-- Name: auth_permission auth_permission_content_type_id_codename_01ab375a_uniq; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);


--
-- Name: auth_permission auth_permission_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);


--
-- Name: django_admin_log django_admin_log_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);


--
-- Name: django_content_type django_content_type_app_label_model_76bd3d3b_uniq; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);


--
-- Name: django_content_type django_content_type_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);


--
-- Name: oauth_account oauth_account_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.oauth_account
    ADD CONSTRAINT oauth_account_pkey PRIMARY KEY (id);


--
-- Name: oauth_account oauth_account_subject_uniq; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.oauth_account
    ADD CONSTRAINT oauth_account_subject_uniq UNIQUE (provider, subject);


--
-- Name: phone_verifications phone_verifications_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.phone_verifications
    ADD CONSTRAINT phone_verifications_pkey PRIMARY KEY (id);


--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_key);


--
-- Name: user user_email_uniq; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth."user"
    ADD CONSTRAINT user_email_uniq UNIQUE (email);


--
-- Name: user_groups user_groups_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.user_groups
    ADD CONSTRAINT user_groups_pkey PRIMARY KEY (id);


--
-- Name: user_groups user_groups_user_id_group_id_40beef00_uniq; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.user_groups
    ADD CONSTRAINT user_groups_user_id_group_id_40beef00_uniq UNIQUE (user_id, group_id);


--
-- Name: user user_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (id);


--
-- Name: user_user_permissions user_user_permissions_pkey; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.user_user_permissions
    ADD CONSTRAINT user_user_permissions_pkey PRIMARY KEY (id);


--
-- Name: user_user_permissions user_user_permissions_user_id_permission_id_7dc6e2e0_uniq; Type: CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.user_user_permissions
    ADD CONSTRAINT user_user_permissions_user_id_permission_id_7dc6e2e0_uniq UNIQUE (user_id, permission_id);


--
-- Name: categories categories_path_uniq; Type: CONSTRAINT; Schema: master; Owner: master_owner
--

ALTER TABLE ONLY master.categories
    ADD CONSTRAINT categories_path_uniq UNIQUE (path);


--
-- Name: categories categories_pkey; Type: CONSTRAINT; Schema: master; Owner: master_owner
--

ALTER TABLE ONLY master.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (id);


--
-- Name: locations locations_pkey; Type: CONSTRAINT; Schema: master; Owner: master_owner
--

ALTER TABLE ONLY master.locations
    ADD CONSTRAINT locations_pkey PRIMARY KEY (id);


--
-- Name: locations locations_slug_uniq; Type: CONSTRAINT; Schema: master; Owner: master_owner
--

ALTER TABLE ONLY master.locations
    ADD CONSTRAINT locations_slug_uniq UNIQUE (slug);


--
-- Name: canary canary_pkey; Type: CONSTRAINT; Schema: public; Owner: migrator
--

ALTER TABLE ONLY public.canary
    ADD CONSTRAINT canary_pkey PRIMARY KEY (message);


--
-- Name: django_migrations django_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: migrator
--

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);


--
-- Name: migration_history migration_history_pkey; Type: CONSTRAINT; Schema: public; Owner: migrator
--

ALTER TABLE ONLY public.migration_history
    ADD CONSTRAINT migration_history_pkey PRIMARY KEY (id);


--
-- Name: api_keys_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX api_keys_created_at_idx ON app.api_keys USING btree (created_at DESC);


--
-- Name: api_keys_project_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX api_keys_project_idx ON app.api_keys USING btree (project_id);


--
-- Name: favorites_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX favorites_created_at_idx ON app.favorites USING btree (created_at DESC);


--
-- Name: favorites_item_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX favorites_item_idx ON app.favorites USING btree (item_id);


--
-- Name: item_images_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX item_images_created_at_idx ON app.item_images USING btree (created_at DESC);


--
-- Name: items_category_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX items_category_created_at_idx ON app.items USING btree (category_id, created_at DESC);


--
-- Name: items_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX items_created_at_idx ON app.items USING btree (created_at DESC);


--
-- Name: items_location_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX items_location_created_at_idx ON app.items USING btree (location_id, created_at DESC);


--
-- Name: items_user_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX items_user_created_at_idx ON app.items USING btree (user_id, created_at DESC);


--
-- Name: memberships_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX memberships_created_at_idx ON app.memberships USING btree (created_at DESC);


--
-- Name: memberships_user_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX memberships_user_idx ON app.memberships USING btree (user_id);


--
-- Name: profiles_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX profiles_created_at_idx ON app.profiles USING btree (created_at DESC);


--
-- Name: projects_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX projects_created_at_idx ON app.projects USING btree (created_at DESC);


--
-- Name: runs_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX runs_created_at_idx ON app.runs USING btree (created_at DESC);


--
-- Name: runs_project_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX runs_project_created_at_idx ON app.runs USING btree (project_id, created_at DESC);


--
-- Name: runs_status_created_at_idx; Type: INDEX; Schema: app; Owner: app_owner
--

CREATE INDEX runs_status_created_at_idx ON app.runs USING btree (status, created_at DESC);


--
-- Name: auth_group_name_a6ea08ec_like; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX auth_group_name_a6ea08ec_like ON auth.auth_group USING btree (name varchar_pattern_ops);


--
-- Name: auth_group_permissions_group_id_b120cbf9; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON auth.auth_group_permissions USING btree (group_id);


--
-- Name: auth_group_permissions_permission_id_84c5c92e; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON auth.auth_group_permissions USING btree (permission_id);


--
-- Name: auth_permission_content_type_id_2f476e4b; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX auth_permission_content_type_id_2f476e4b ON auth.auth_permission USING btree (content_type_id);


--
-- Name: django_admin_log_content_type_id_c4bce8eb; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON auth.django_admin_log USING btree (content_type_id);


--
-- Name: django_admin_log_user_id_c564eba6; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX django_admin_log_user_id_c564eba6 ON auth.django_admin_log USING btree (user_id);


--
-- Name: oauth_account_created_at_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX oauth_account_created_at_idx ON auth.oauth_account USING btree (created_at DESC);


--
-- Name: oauth_account_user_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX oauth_account_user_idx ON auth.oauth_account USING btree (user_id);


--
-- Name: phone_verif_created_at_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX phone_verif_created_at_idx ON auth.phone_verifications USING btree (created_at DESC);


--
-- Name: phone_verif_expires_at_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX phone_verif_expires_at_idx ON auth.phone_verifications USING btree (expires_at);


--
-- Name: phone_verif_open_uniq; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE UNIQUE INDEX phone_verif_open_uniq ON auth.phone_verifications USING btree (number, purpose) WHERE (used_at IS NULL);


--
-- Name: phone_verif_user_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX phone_verif_user_idx ON auth.phone_verifications USING btree (user_id);


--
-- Name: session_expire_date_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX session_expire_date_idx ON auth.session USING btree (expire_date);


--
-- Name: session_last_seen_at_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX session_last_seen_at_idx ON auth.session USING btree (last_seen_at DESC);


--
-- Name: session_session_key_8d2ff8ce_like; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX session_session_key_8d2ff8ce_like ON auth.session USING btree (session_key varchar_pattern_ops);


--
-- Name: session_user_last_seen_at_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX session_user_last_seen_at_idx ON auth.session USING btree (user_id, last_seen_at DESC);


--
-- Name: user_created_at_idx; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX user_created_at_idx ON auth."user" USING btree (created_at DESC);


--
-- Name: user_email_lower_uniq; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE UNIQUE INDEX user_email_lower_uniq ON auth."user" USING btree (lower((email)::text));


--
-- Name: user_groups_group_id_b76f8aba; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX user_groups_group_id_b76f8aba ON auth.user_groups USING btree (group_id);


--
-- Name: user_groups_user_id_abaea130; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX user_groups_user_id_abaea130 ON auth.user_groups USING btree (user_id);


--
-- Name: user_user_permissions_permission_id_9deb68a3; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX user_user_permissions_permission_id_9deb68a3 ON auth.user_user_permissions USING btree (permission_id);


--
-- Name: user_user_permissions_user_id_ed4a47ea; Type: INDEX; Schema: auth; Owner: auth_owner
--

CREATE INDEX user_user_permissions_user_id_ed4a47ea ON auth.user_user_permissions USING btree (user_id);


--
-- Name: categories_parent_position_idx; Type: INDEX; Schema: master; Owner: master_owner
--

CREATE INDEX categories_parent_position_idx ON master.categories USING btree (parent_id, "position");


--
-- Name: locations_city_idx; Type: INDEX; Schema: master; Owner: master_owner
--

CREATE INDEX locations_city_idx ON master.locations USING btree (upper((city)::text));


--
-- Name: locations_country_city_idx; Type: INDEX; Schema: master; Owner: master_owner
--

CREATE INDEX locations_country_city_idx ON master.locations USING btree (country, city);


--
-- Name: locations_country_name_idx; Type: INDEX; Schema: master; Owner: master_owner
--

CREATE INDEX locations_country_name_idx ON master.locations USING btree (country_name) WHERE ((city)::text = ''::text);


--
-- Name: locations_country_uniq; Type: INDEX; Schema: master; Owner: master_owner
--

CREATE UNIQUE INDEX locations_country_uniq ON master.locations USING btree (country) WHERE ((city)::text = ''::text);


--
-- Name: locations_population_idx; Type: INDEX; Schema: master; Owner: master_owner
--

CREATE INDEX locations_population_idx ON master.locations USING btree (COALESCE(population, 0) DESC, slug);


--
-- Name: canary_message_1fe368e0_like; Type: INDEX; Schema: public; Owner: migrator
--

CREATE INDEX canary_message_1fe368e0_like ON public.canary USING btree (message text_pattern_ops);


--
-- Name: migration_history_newest_idx; Type: INDEX; Schema: public; Owner: migrator
--

CREATE INDEX migration_history_newest_idx ON public.migration_history USING btree (kind, app, name, id DESC);


--
-- Name: user user_password_ends_sessions; Type: TRIGGER; Schema: auth; Owner: auth_owner
--

CREATE TRIGGER user_password_ends_sessions AFTER UPDATE OF password ON auth."user" FOR EACH ROW WHEN (((old.password)::text IS DISTINCT FROM (new.password)::text)) EXECUTE FUNCTION auth.end_sessions();


--
-- Name: migration_history migration_history_append_only; Type: TRIGGER; Schema: public; Owner: migrator
--

CREATE TRIGGER migration_history_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.migration_history FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change();

ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_append_only;


--
-- Name: migration_history migration_history_rows_append_only; Type: TRIGGER; Schema: public; Owner: migrator
--

CREATE TRIGGER migration_history_rows_append_only BEFORE DELETE OR UPDATE ON public.migration_history FOR EACH ROW EXECUTE FUNCTION public.refuse_history_change();

ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_rows_append_only;


--
-- Name: api_keys api_keys_project_id_30c2e355_fk_projects_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.api_keys
    ADD CONSTRAINT api_keys_project_id_30c2e355_fk_projects_id FOREIGN KEY (project_id) REFERENCES app.projects(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: favorites favorites_item_id_124d6884_fk_items_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.favorites
    ADD CONSTRAINT favorites_item_id_124d6884_fk_items_id FOREIGN KEY (item_id) REFERENCES app.items(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: favorites favorites_user_id_d60eb79f_fk_user_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.favorites
    ADD CONSTRAINT favorites_user_id_d60eb79f_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: item_images item_images_item_id_b58eb271_fk_items_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.item_images
    ADD CONSTRAINT item_images_item_id_b58eb271_fk_items_id FOREIGN KEY (item_id) REFERENCES app.items(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: items items_category_id_004c9b1f_fk_categories_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.items
    ADD CONSTRAINT items_category_id_004c9b1f_fk_categories_id FOREIGN KEY (category_id) REFERENCES master.categories(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: items items_location_id_10002c1b_fk_locations_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.items
    ADD CONSTRAINT items_location_id_10002c1b_fk_locations_id FOREIGN KEY (location_id) REFERENCES master.locations(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: items items_user_id_1c6eb173_fk_user_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.items
    ADD CONSTRAINT items_user_id_1c6eb173_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: memberships memberships_tenant_id_35f4aa0b_fk_tenants_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_tenant_id_35f4aa0b_fk_tenants_id FOREIGN KEY (tenant_id) REFERENCES app.tenants(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: memberships memberships_user_id_5a99f855_fk_user_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.memberships
    ADD CONSTRAINT memberships_user_id_5a99f855_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: profiles profiles_user_id_36580373_fk_user_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.profiles
    ADD CONSTRAINT profiles_user_id_36580373_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: projects projects_tenant_id_fc504db5_fk_tenants_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.projects
    ADD CONSTRAINT projects_tenant_id_fc504db5_fk_tenants_id FOREIGN KEY (tenant_id) REFERENCES app.tenants(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: runs runs_project_id_50806fd6_fk_projects_id; Type: FK CONSTRAINT; Schema: app; Owner: app_owner
--

ALTER TABLE ONLY app.runs
    ADD CONSTRAINT runs_project_id_50806fd6_fk_projects_id FOREIGN KEY (project_id) REFERENCES app.projects(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissio_permission_id_84c5c92e_fk_auth_perm; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES auth.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissions_group_id_b120cbf9_fk_auth_group_id; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES auth.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_permission auth_permission_content_type_id_2f476e4b_fk_django_co; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES auth.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: django_admin_log django_admin_log_content_type_id_c4bce8eb_fk_django_co; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES auth.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: django_admin_log django_admin_log_user_id_c564eba6_fk_user_id; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: oauth_account oauth_account_user_id_8a8d6986_fk_user_id; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.oauth_account
    ADD CONSTRAINT oauth_account_user_id_8a8d6986_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: phone_verifications phone_verifications_user_id_54200413_fk_user_id; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.phone_verifications
    ADD CONSTRAINT phone_verifications_user_id_54200413_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: session session_user_id_65cb3187_fk_user_id; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.session
    ADD CONSTRAINT session_user_id_65cb3187_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;


--
-- Name: user_groups user_groups_group_id_b76f8aba_fk_auth_group_id; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.user_groups
    ADD CONSTRAINT user_groups_group_id_b76f8aba_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES auth.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: user_groups user_groups_user_id_abaea130_fk_user_id; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.user_groups
    ADD CONSTRAINT user_groups_user_id_abaea130_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: user_user_permissions user_user_permission_permission_id_9deb68a3_fk_auth_perm; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.user_user_permissions
    ADD CONSTRAINT user_user_permission_permission_id_9deb68a3_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES auth.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: user_user_permissions user_user_permissions_user_id_ed4a47ea_fk_user_id; Type: FK CONSTRAINT; Schema: auth; Owner: auth_owner
--

ALTER TABLE ONLY auth.user_user_permissions
    ADD CONSTRAINT user_user_permissions_user_id_ed4a47ea_fk_user_id FOREIGN KEY (user_id) REFERENCES auth."user"(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: categories categories_parent_id_fc02df82_fk_categories_id; Type: FK CONSTRAINT; Schema: master; Owner: master_owner
--

ALTER TABLE ONLY master.categories
    ADD CONSTRAINT categories_parent_id_fc02df82_fk_categories_id FOREIGN KEY (parent_id) REFERENCES master.categories(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: api_keys admins; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY admins ON app.api_keys TO api_rw USING ((project_id = ANY (ARRAY( SELECT projects.id AS pk
   FROM app.projects
  WHERE (projects.tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin}'::text[]) AS list_tenants_of_user))))))) WITH CHECK ((project_id = ANY (ARRAY( SELECT projects.id AS pk
   FROM app.projects
  WHERE (projects.tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin}'::text[]) AS list_tenants_of_user)))))));


--
-- Name: POLICY admins ON api_keys; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY admins ON app.api_keys IS 'freehold:6727c9e2901dfe18:09129cf1cb7dc14f';


--
-- Name: projects admins; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY admins ON app.projects TO api_rw USING ((tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin}'::text[]) AS list_tenants_of_user)))) WITH CHECK ((tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin}'::text[]) AS list_tenants_of_user))));


--
-- Name: POLICY admins ON projects; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY admins ON app.projects IS 'freehold:04a38fc1f13e62cb:9c8005f1bd749a11';


--
-- Name: api_keys; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: api_keys back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.api_keys TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON api_keys; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.api_keys IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: favorites back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.favorites TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON favorites; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.favorites IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: item_images back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.item_images TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON item_images; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.item_images IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: items back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.items TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON items; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.items IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: memberships back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.memberships TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON memberships; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.memberships IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: profiles back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.profiles TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON profiles; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.profiles IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: projects back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.projects TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON projects; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.projects IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: runs back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.runs TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON runs; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.runs IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: tenants back_office; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY back_office ON app.tenants TO admin_rw USING (true) WITH CHECK (true);


--
-- Name: POLICY back_office ON tenants; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY back_office ON app.tenants IS 'freehold:46e6724d8b9e20b0:f71a20c90f5bab6c';


--
-- Name: favorites; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.favorites ENABLE ROW LEVEL SECURITY;

--
-- Name: memberships founding; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY founding ON app.memberships FOR INSERT TO api_rw WITH CHECK ((((role)::text = 'owner'::text) AND (user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif")) AND (NOT app.exists_tenant(tenant_id))));


--
-- Name: POLICY founding ON memberships; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY founding ON app.memberships IS 'freehold:e84d5af929a2ad58:d137546150b88e57';


--
-- Name: item_images; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.item_images ENABLE ROW LEVEL SECURITY;

--
-- Name: items; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.items ENABLE ROW LEVEL SECURITY;

--
-- Name: runs keys; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY keys ON app.runs TO api_rw USING ((project_id = ANY (ARRAY( SELECT projects.id AS pk
   FROM app.projects
  WHERE (projects.tenant_id = ( SELECT (
                CASE
                    WHEN (current_setting('freehold.principal'::text, true) = 'api_key'::text) THEN NULLIF(current_setting('freehold.tenant_id'::text, true), ''::text)
                    ELSE NULL::text
                END)::uuid AS uuid)))))) WITH CHECK ((project_id = ANY (ARRAY( SELECT projects.id AS pk
   FROM app.projects
  WHERE (projects.tenant_id = ( SELECT (
                CASE
                    WHEN (current_setting('freehold.principal'::text, true) = 'api_key'::text) THEN NULLIF(current_setting('freehold.tenant_id'::text, true), ''::text)
                    ELSE NULL::text
                END)::uuid AS uuid))))));


--
-- Name: POLICY keys ON runs; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY keys ON app.runs IS 'freehold:f680d272cf2967cc:b6939712ec58163e';


--
-- Name: projects keys_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY keys_reading ON app.projects FOR SELECT TO api_rw USING ((tenant_id = ( SELECT (
        CASE
            WHEN (current_setting('freehold.principal'::text, true) = 'api_key'::text) THEN NULLIF(current_setting('freehold.tenant_id'::text, true), ''::text)
            ELSE NULL::text
        END)::uuid AS uuid)));


--
-- Name: POLICY keys_reading ON projects; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY keys_reading ON app.projects IS 'freehold:0ac7b9066021990b:5c57dec509d6fbd7';


--
-- Name: tenants keys_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY keys_reading ON app.tenants FOR SELECT TO api_rw USING ((id = ( SELECT (
        CASE
            WHEN (current_setting('freehold.principal'::text, true) = 'api_key'::text) THEN NULLIF(current_setting('freehold.tenant_id'::text, true), ''::text)
            ELSE NULL::text
        END)::uuid AS uuid)));


--
-- Name: POLICY keys_reading ON tenants; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY keys_reading ON app.tenants IS 'freehold:850c3f265cfc098d:961486eb8b84b9b7';


--
-- Name: memberships members_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY members_reading ON app.memberships FOR SELECT TO api_rw USING ((tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin,member,viewer}'::text[]) AS list_tenants_of_user))));


--
-- Name: POLICY members_reading ON memberships; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY members_reading ON app.memberships IS 'freehold:4695e4cb9c482a6b:9bcf2bb4e0bdeb7f';


--
-- Name: projects members_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY members_reading ON app.projects FOR SELECT TO api_rw USING ((tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin,member,viewer}'::text[]) AS list_tenants_of_user))));


--
-- Name: POLICY members_reading ON projects; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY members_reading ON app.projects IS 'freehold:0ad298531f05405d:9bcf2bb4e0bdeb7f';


--
-- Name: runs members_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY members_reading ON app.runs FOR SELECT TO api_rw USING ((project_id = ANY (ARRAY( SELECT projects.id AS pk
   FROM app.projects
  WHERE (projects.tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin,member,viewer}'::text[]) AS list_tenants_of_user)))))));


--
-- Name: POLICY members_reading ON runs; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY members_reading ON app.runs IS 'freehold:ae034fba804c191a:94bdfa48b8e33d54';


--
-- Name: tenants members_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY members_reading ON app.tenants FOR SELECT TO api_rw USING ((id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin,member,viewer}'::text[]) AS list_tenants_of_user))));


--
-- Name: POLICY members_reading ON tenants; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY members_reading ON app.tenants IS 'freehold:ed7747b00d258f87:f13498619e84367f';


--
-- Name: runs members_writing; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY members_writing ON app.runs TO api_rw USING ((project_id = ANY (ARRAY( SELECT projects.id AS pk
   FROM app.projects
  WHERE (projects.tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin,member}'::text[]) AS list_tenants_of_user))))))) WITH CHECK ((project_id = ANY (ARRAY( SELECT projects.id AS pk
   FROM app.projects
  WHERE (projects.tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner,admin,member}'::text[]) AS list_tenants_of_user)))))));


--
-- Name: POLICY members_writing ON runs; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY members_writing ON app.runs IS 'freehold:7580539d156d78d4:27bd30af3560a5e8';


--
-- Name: memberships; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.memberships ENABLE ROW LEVEL SECURITY;

--
-- Name: favorites own; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY own ON app.favorites TO api_rw USING ((user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: POLICY own ON favorites; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY own ON app.favorites IS 'freehold:8567f8493e7c37e7:faf61d3460de3d53';


--
-- Name: item_images own; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY own ON app.item_images TO api_rw USING ((item_id = ANY (ARRAY( SELECT items.id AS pk
   FROM app.items
  WHERE (items.user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif")))))) WITH CHECK ((item_id = ANY (ARRAY( SELECT items.id AS pk
   FROM app.items
  WHERE (items.user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif"))))));


--
-- Name: POLICY own ON item_images; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY own ON app.item_images IS 'freehold:7a924c87c196fc98:33fb18db064346d1';


--
-- Name: items own; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY own ON app.items TO api_rw USING ((user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: POLICY own ON items; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY own ON app.items IS 'freehold:4279c6ca5d8257e3:faf61d3460de3d53';


--
-- Name: profiles own; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY own ON app.profiles TO api_rw USING ((user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif"))) WITH CHECK ((user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: POLICY own ON profiles; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY own ON app.profiles IS 'freehold:a6ad33a2b28d8c28:faf61d3460de3d53';


--
-- Name: memberships own_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY own_reading ON app.memberships FOR SELECT TO api_rw USING ((user_id = ( SELECT (NULLIF(current_setting('freehold.user_id'::text, true), ''::text))::uuid AS "nullif")));


--
-- Name: POLICY own_reading ON memberships; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY own_reading ON app.memberships IS 'freehold:c4e782d493e5716d:8f7157002b0cfdde';


--
-- Name: api_keys owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.api_keys TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON api_keys; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.api_keys IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: favorites owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.favorites TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON favorites; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.favorites IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: item_images owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.item_images TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON item_images; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.item_images IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: items owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.items TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON items; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.items IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: memberships owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.memberships TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON memberships; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.memberships IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: profiles owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.profiles TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON profiles; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.profiles IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: projects owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.projects TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON projects; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.projects IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: runs owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.runs TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON runs; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.runs IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: tenants owner; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owner ON app.tenants TO app_owner USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON tenants; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owner ON app.tenants IS 'freehold:52ba17453cccb6b4:ce0d852b566b3475';


--
-- Name: memberships owners; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owners ON app.memberships TO api_rw USING ((tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner}'::text[]) AS list_tenants_of_user)))) WITH CHECK ((tenant_id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner}'::text[]) AS list_tenants_of_user))));


--
-- Name: POLICY owners ON memberships; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owners ON app.memberships IS 'freehold:f1be29cf6a6ca14a:f4e417c98afb9aef';


--
-- Name: tenants owners; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY owners ON app.tenants TO api_rw USING ((id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner}'::text[]) AS list_tenants_of_user)))) WITH CHECK ((id = ANY (ARRAY( SELECT app.list_tenants_of_user('{owner}'::text[]) AS list_tenants_of_user))));


--
-- Name: POLICY owners ON tenants; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY owners ON app.tenants IS 'freehold:5249dcbee0097c58:2b5c70a0f1d5a86a';


--
-- Name: profiles; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.profiles ENABLE ROW LEVEL SECURITY;

--
-- Name: projects; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.projects ENABLE ROW LEVEL SECURITY;

--
-- Name: item_images public_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY public_reading ON app.item_images FOR SELECT TO api_rw USING ((EXISTS ( SELECT 1 AS a
   FROM app.items u0
  WHERE ((u0.id = item_images.item_id) AND u0.is_active)
 LIMIT 1)));


--
-- Name: POLICY public_reading ON item_images; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY public_reading ON app.item_images IS 'freehold:7fd794edb64dfe12:1c1adda97406df44';


--
-- Name: items public_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY public_reading ON app.items FOR SELECT TO api_rw USING (is_active);


--
-- Name: POLICY public_reading ON items; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY public_reading ON app.items IS 'freehold:efa55e266c37edec:f5ff4861142d80b2';


--
-- Name: runs; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.runs ENABLE ROW LEVEL SECURITY;

--
-- Name: profiles sellers_reading; Type: POLICY; Schema: app; Owner: app_owner
--

CREATE POLICY sellers_reading ON app.profiles FOR SELECT TO api_rw USING ((EXISTS ( SELECT 1 AS a
   FROM app.items u0
  WHERE (u0.is_active AND (u0.user_id = profiles.user_id))
 LIMIT 1)));


--
-- Name: POLICY sellers_reading ON profiles; Type: COMMENT; Schema: app; Owner: app_owner
--

COMMENT ON POLICY sellers_reading ON app.profiles IS 'freehold:8c76275695810931:3308d266e7a152d4';


--
-- Name: tenants; Type: ROW SECURITY; Schema: app; Owner: app_owner
--

ALTER TABLE app.tenants ENABLE ROW LEVEL SECURITY;

--
-- Name: canary; Type: ROW SECURITY; Schema: public; Owner: migrator
--

ALTER TABLE public.canary ENABLE ROW LEVEL SECURITY;

--
-- Name: canary owner; Type: POLICY; Schema: public; Owner: migrator
--

CREATE POLICY owner ON public.canary TO migrator USING (true) WITH CHECK (true);


--
-- Name: POLICY owner ON canary; Type: COMMENT; Schema: public; Owner: migrator
--

COMMENT ON POLICY owner ON public.canary IS 'freehold:8e94ed3c00003aa2:01722bcea2f3478a';


--
-- Name: DATABASE freehold; Type: ACL; Schema: -; Owner: postgres
--

REVOKE CONNECT,TEMPORARY ON DATABASE freehold FROM PUBLIC;
GRANT CONNECT ON DATABASE freehold TO admin_rw;
GRANT CONNECT ON DATABASE freehold TO all_rw;
GRANT CONNECT ON DATABASE freehold TO api_rw;
GRANT CONNECT ON DATABASE freehold TO migrator;
GRANT CONNECT ON DATABASE freehold TO web_rw;


--
-- Name: SCHEMA app; Type: ACL; Schema: -; Owner: app_owner
--

GRANT USAGE ON SCHEMA app TO admin_rw;
GRANT USAGE ON SCHEMA app TO api_rw;


--
-- Name: SCHEMA auth; Type: ACL; Schema: -; Owner: auth_owner
--

GRANT USAGE ON SCHEMA auth TO admin_rw;
GRANT USAGE ON SCHEMA auth TO api_rw;
GRANT USAGE ON SCHEMA auth TO app_owner;
GRANT USAGE ON SCHEMA auth TO web_rw;


--
-- Name: SCHEMA master; Type: ACL; Schema: -; Owner: master_owner
--

GRANT USAGE ON SCHEMA master TO admin_rw;
GRANT USAGE ON SCHEMA master TO api_rw;
GRANT USAGE ON SCHEMA master TO app_owner;


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: migrator
--

GRANT USAGE ON SCHEMA public TO admin_rw;


--
-- Name: FUNCTION exists_tenant(tenant uuid); Type: ACL; Schema: app; Owner: app_owner
--

REVOKE ALL ON FUNCTION app.exists_tenant(tenant uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION app.exists_tenant(tenant uuid) TO admin_rw;
GRANT ALL ON FUNCTION app.exists_tenant(tenant uuid) TO api_rw;


--
-- Name: FUNCTION list_tenants_of_user(roles text[]); Type: ACL; Schema: app; Owner: app_owner
--

REVOKE ALL ON FUNCTION app.list_tenants_of_user(roles text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION app.list_tenants_of_user(roles text[]) TO admin_rw;
GRANT ALL ON FUNCTION app.list_tenants_of_user(roles text[]) TO api_rw;


--
-- Name: FUNCTION end_sessions(); Type: ACL; Schema: auth; Owner: auth_owner
--

REVOKE ALL ON FUNCTION auth.end_sessions() FROM PUBLIC;
GRANT ALL ON FUNCTION auth.end_sessions() TO admin_rw;
GRANT ALL ON FUNCTION auth.end_sessions() TO web_rw;


--
-- Name: FUNCTION session_principal(key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean); Type: ACL; Schema: auth; Owner: auth_owner
--

REVOKE ALL ON FUNCTION auth.session_principal(key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION auth.session_principal(key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean) TO admin_rw;
GRANT ALL ON FUNCTION auth.session_principal(key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean) TO api_rw;
GRANT ALL ON FUNCTION auth.session_principal(key text, OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean) TO web_rw;


--
-- Name: FUNCTION "session_user"(digest text); Type: ACL; Schema: auth; Owner: auth_owner
--

REVOKE ALL ON FUNCTION auth."session_user"(digest text) FROM PUBLIC;
GRANT ALL ON FUNCTION auth."session_user"(digest text) TO admin_rw;
GRANT ALL ON FUNCTION auth."session_user"(digest text) TO api_rw;
GRANT ALL ON FUNCTION auth."session_user"(digest text) TO web_rw;


--
-- Name: FUNCTION refuse_history_change(); Type: ACL; Schema: public; Owner: migrator
--

REVOKE ALL ON FUNCTION public.refuse_history_change() FROM PUBLIC;


--
-- Name: TABLE api_keys; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.api_keys TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.api_keys TO api_rw;


--
-- Name: TABLE favorites; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.favorites TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.favorites TO api_rw;


--
-- Name: TABLE item_images; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.item_images TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.item_images TO api_rw;


--
-- Name: TABLE items; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.items TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.items TO api_rw;


--
-- Name: TABLE memberships; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.memberships TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.memberships TO api_rw;


--
-- Name: TABLE profiles; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.profiles TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.profiles TO api_rw;


--
-- Name: TABLE projects; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.projects TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.projects TO api_rw;


--
-- Name: TABLE runs; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.runs TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.runs TO api_rw;


--
-- Name: TABLE tenants; Type: ACL; Schema: app; Owner: app_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.tenants TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE app.tenants TO api_rw;


--
-- Name: TABLE auth_group; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.auth_group TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.auth_group TO web_rw;


--
-- Name: SEQUENCE auth_group_id_seq; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,USAGE ON SEQUENCE auth.auth_group_id_seq TO admin_rw;
GRANT SELECT,USAGE ON SEQUENCE auth.auth_group_id_seq TO web_rw;


--
-- Name: TABLE auth_group_permissions; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.auth_group_permissions TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.auth_group_permissions TO web_rw;


--
-- Name: SEQUENCE auth_group_permissions_id_seq; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,USAGE ON SEQUENCE auth.auth_group_permissions_id_seq TO admin_rw;
GRANT SELECT,USAGE ON SEQUENCE auth.auth_group_permissions_id_seq TO web_rw;


--
-- Name: TABLE auth_permission; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.auth_permission TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.auth_permission TO web_rw;


--
-- Name: SEQUENCE auth_permission_id_seq; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,USAGE ON SEQUENCE auth.auth_permission_id_seq TO admin_rw;
GRANT SELECT,USAGE ON SEQUENCE auth.auth_permission_id_seq TO web_rw;


--
-- Name: TABLE django_admin_log; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.django_admin_log TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.django_admin_log TO web_rw;


--
-- Name: SEQUENCE django_admin_log_id_seq; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,USAGE ON SEQUENCE auth.django_admin_log_id_seq TO admin_rw;
GRANT SELECT,USAGE ON SEQUENCE auth.django_admin_log_id_seq TO web_rw;


--
-- Name: TABLE django_content_type; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.django_content_type TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.django_content_type TO web_rw;


--
-- Name: SEQUENCE django_content_type_id_seq; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,USAGE ON SEQUENCE auth.django_content_type_id_seq TO admin_rw;
GRANT SELECT,USAGE ON SEQUENCE auth.django_content_type_id_seq TO web_rw;


--
-- Name: TABLE oauth_account; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.oauth_account TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.oauth_account TO web_rw;


--
-- Name: TABLE phone_verifications; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.phone_verifications TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.phone_verifications TO web_rw;


--
-- Name: TABLE session; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.session TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.session TO web_rw;


--
-- Name: TABLE "user"; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth."user" TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth."user" TO web_rw;


--
-- Name: COLUMN "user".id; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT REFERENCES(id) ON TABLE auth."user" TO app_owner;
GRANT SELECT(id) ON TABLE auth."user" TO api_rw;


--
-- Name: COLUMN "user".email; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT(email) ON TABLE auth."user" TO api_rw;


--
-- Name: COLUMN "user".display_name; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT(display_name) ON TABLE auth."user" TO api_rw;


--
-- Name: COLUMN "user".is_active; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT(is_active) ON TABLE auth."user" TO api_rw;


--
-- Name: TABLE user_groups; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.user_groups TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.user_groups TO web_rw;


--
-- Name: SEQUENCE user_groups_id_seq; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,USAGE ON SEQUENCE auth.user_groups_id_seq TO admin_rw;
GRANT SELECT,USAGE ON SEQUENCE auth.user_groups_id_seq TO web_rw;


--
-- Name: TABLE user_user_permissions; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.user_user_permissions TO admin_rw;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE auth.user_user_permissions TO web_rw;


--
-- Name: SEQUENCE user_user_permissions_id_seq; Type: ACL; Schema: auth; Owner: auth_owner
--

GRANT SELECT,USAGE ON SEQUENCE auth.user_user_permissions_id_seq TO admin_rw;
GRANT SELECT,USAGE ON SEQUENCE auth.user_user_permissions_id_seq TO web_rw;


--
-- Name: TABLE categories; Type: ACL; Schema: master; Owner: master_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE master.categories TO admin_rw;
GRANT SELECT ON TABLE master.categories TO api_rw;


--
-- Name: COLUMN categories.id; Type: ACL; Schema: master; Owner: master_owner
--

GRANT REFERENCES(id) ON TABLE master.categories TO app_owner;


--
-- Name: TABLE locations; Type: ACL; Schema: master; Owner: master_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE master.locations TO admin_rw;
GRANT SELECT ON TABLE master.locations TO api_rw;


--
-- Name: COLUMN locations.id; Type: ACL; Schema: master; Owner: master_owner
--

GRANT REFERENCES(id) ON TABLE master.locations TO app_owner;


--
-- Name: TABLE canary; Type: ACL; Schema: public; Owner: migrator
--

GRANT SELECT ON TABLE public.canary TO admin_rw;
GRANT SELECT ON TABLE public.canary TO api_rw;
GRANT SELECT ON TABLE public.canary TO web_rw;


--
-- Name: TABLE django_migrations; Type: ACL; Schema: public; Owner: migrator
--

GRANT SELECT ON TABLE public.django_migrations TO admin_rw;


--
-- Name: TABLE migration_history; Type: ACL; Schema: public; Owner: migrator
--

REVOKE ALL ON TABLE public.migration_history FROM migrator;
GRANT SELECT,INSERT,REFERENCES,TRIGGER,MAINTAIN ON TABLE public.migration_history TO migrator;
GRANT SELECT ON TABLE public.migration_history TO admin_rw;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: app_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE app_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: auth_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE auth_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: master_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE master_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: -; Owner: migrator
--

ALTER DEFAULT PRIVILEGES FOR ROLE migrator REVOKE ALL ON FUNCTIONS FROM PUBLIC;


--
-- PostgreSQL database dump complete
--


