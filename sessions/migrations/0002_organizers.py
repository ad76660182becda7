"""The group whose members see and export every session."""

from django.db import migrations


def make_group(apps, _schema):
    """Make the group, unless an organizer made it already."""
    apps.get_model("auth", "Group").objects.get_or_create(name="Organizers")


class Migration(migrations.Migration):
    """Needs accounts and the first tables."""

    dependencies = [
        ("workshops", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
