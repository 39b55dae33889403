/*
 * modem_scene: the far side that every script finds, and what a script adds to it.
 *
 * Names and addresses are those of the note, so that its dialogues are seeds as they stand.
 */
#ifndef MODEM_SCENE_H
#define MODEM_SCENE_H

#include "modem.h"
#include "world_sim.h"

#define SCENE_SEED 7

/* Make world what everybody finds and what the script's world lines add; those that are wrong are left out.  Return the script's profile. */
const struct modem_profile *modem_scene_begin(struct world_sim *world, struct span script);

#endif
