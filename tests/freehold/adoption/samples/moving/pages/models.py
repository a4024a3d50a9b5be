from django.db import models


class Run(models.Model):
    kind = models.TextField(db_default="import")
    note = models.TextField()
    seen = models.IntegerField(db_default=0)

    class Meta:
        db_table = "public.runs"
        constraints = [models.UniqueConstraint(fields=["kind", "note"], name="runs_kind_note_uniq")]

    def __str__(self) -> str:
        return self.note
