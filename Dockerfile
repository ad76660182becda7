# Academy in one container: script/serve without the sample session, everything that must survive in /data.
# .ci/prove.py runs these steps one by one where there is no container engine.
FROM python:3.13-slim

WORKDIR /app
ENV ACADEMY_DATA=/data PYTHONUNBUFFERED=1

COPY requirements.txt ./
RUN python -m pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY . ./
RUN SECRET_KEY=for-this-step-only python manage.py collectstatic --no-input --verbosity 0
RUN mkdir -p /data && chown 10001:10001 /data

USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["sh", "-c", "python -m academy.first_run && exec python manage.py serve --port 8000 --collected --no-demo"]
