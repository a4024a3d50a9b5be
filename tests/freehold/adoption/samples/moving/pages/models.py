from django.db import models


class Run(models.Model):
    kind = models.TextField(db_default="import")
    external_id = models.TextField()
    status = models.TextField(db_default="queued")
    version = models.IntegerField(db_default=0)

    class Meta:
        db_table = "public.runs"
        constraints = [models.UniqueConstraint(fields=["kind", "external_id"], name="runs_kind_external_id_uniq")]

    def __str__(self) -> str:
        return self.external_id
