
/*
 * Copyright (C) ngx_gov authors
 *
 * Named points at which a test may have the process killed.  In test builds
 * (GOV_TEST) a point is armed by a file of its name in the folder that the
 * environment variable GOV_POINTS names; the first process that comes there
 * removes the file and is gone at once, as by kill -9.  Release builds do not
 * contain it.
 */


#ifndef _GOV_POINT_H_INCLUDED_
#define _GOV_POINT_H_INCLUDED_


#ifdef GOV_TEST

void gov_point(const char *name);

/* 1: a test kills here on purpose, again and again */
int gov_points(void);

#else

#define gov_point(name)  ((void) 0)
#define gov_points()     0

#endif


#endif /* _GOV_POINT_H_INCLUDED_ */
