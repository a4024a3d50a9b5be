-- name: find_profile
-- kind: maybe
-- purpose: what a user shows of themselves and how they like to be served
-- type: preferences = dict[str, Any]
-- index: profiles_user_id_key
SELECT p.display_name, p.bio, p.avatar_url, p.locale, p.time_zone, p.preferences, p.version
FROM app.profiles AS p
WHERE p.user_id = @user_id
